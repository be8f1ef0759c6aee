// Puts values together from what a parser meets, in its order: a scalar, an opening, a close.
//
//   ValueBuilder builder(visit);
//   builder.open(Value::Kind::kMap, at);  builder.add(key, at);  builder.add(value, at);
//   builder.close(Value::Kind::kMap, at);                        // calls visit
#pragma once

#include <functional>
#include <vector>

#include "sim/check/history/map_reader.h"
#include "sim/check/history/value.h"

namespace seedbed::history {

class ValueBuilder {
 public:
  explicit ValueBuilder(const std::function<void(const Value&)>& visit) : visit_(visit) {}

  void add(Value value, std::uint64_t at);
  void open(Value::Kind kind, std::uint64_t at);
  void close(Value::Kind kind, std::uint64_t at);
  /// EDN's sets end as its maps do.
  void close_brace(std::uint64_t at) {
    const bool set = !frames_.empty() && frames_.back().kind == Value::Kind::kSet;
    close(set ? Value::Kind::kSet : Value::Kind::kMap, at);
  }
  /// The next value is left out.
  void discard_next(std::uint64_t at);
  /// The text ends here.
  void finish(std::uint64_t at);

  /// For texts that are not as they stand.
  Arena& arena() { return arena_; }

 private:
  struct Frame {
    Value::Kind kind = Value::Kind::kNil;
    bool discard = false;
    bool stream = false;  // the vector of all maps, which are not kept
    std::size_t begin = 0;
    std::uint64_t at = 0;
  };

  const std::function<void(const Value&)>& visit_;
  Arena arena_;
  std::vector<Frame> frames_;
  std::vector<Value> pending_;
};

}  // namespace seedbed::history
