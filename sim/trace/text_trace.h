// A run as lines of text, one an event and one a message sent, for people and for `diff`. Two runs
// are the same exactly where their lines are.
//
//   TextTrace trace(scenario->servers(), [&](std::string_view line) { out << line; });
//   run.observe(&trace);
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/world/world.h"

namespace seedbed {

class TextTrace : public Observer {
 public:
  using Sink = std::function<void(std::string_view line)>;  // with its newline

  TextTrace(std::uint32_t servers, Sink sink) : servers_(servers), sink_(std::move(sink)) {}

  /// "  12.000350s  n1 -> n3  AppendEntries term=2 ...  3.2ms" or "... lost" or "... cut"
  void on_send(const MessageKey& key, const PayloadHeader& message, const Fate& fate,
               bool cut) override;
  /// "#4711  12.003550s  n3  message  AppendEntries term=2 ...  from n1  digest=..."
  void on_event(std::uint64_t number, Time now, const Event& event, const PayloadHeader* payload,
                std::uint64_t digest) override;

 private:
  std::string name(NodeId n) const;

  std::uint32_t servers_;
  Sink sink_;
  std::string line_;
};

}  // namespace seedbed
