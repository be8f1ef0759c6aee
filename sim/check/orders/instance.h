// A history of which it is settled who read what: what the judges of orders look at. Values are
// gone; an `info` operation is in it only if somebody saw it, in a lane of its own.
//
//   for_each_reading(history, meter, judge) ...     // tries who may have read what
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/check/orders/orders.h"

namespace seedbed::orders {

constexpr std::uint32_t kInitially = ~std::uint32_t{0} - 1;  // read the initial state

/// An operation. Its lane is its process, or one of its own; within a lane each comes before the
/// next.
struct Node {
  std::uint32_t process = 0;
  std::uint32_t lane = 0;
  std::uint32_t index = 0;  // in its lane
  std::uint32_t key = 0;
  std::uint32_t before = kNone;  // the one directly before it in program order
  std::uint32_t from = kNone;  // the writer of what it read, or kInitially; kNone: it read nothing
  bool writes = false;
  std::uint32_t operation = 0;            // of the history
  std::uint64_t due = ~std::uint64_t{0};  // it or one that read it returned then
};

/// The writes of one key in one lane.
struct Slot {
  std::uint32_t lane = 0;
  std::vector<std::uint32_t> nodes;  // ascending
};

struct Instance {
  std::vector<Node> nodes;  // by invocation
  std::uint32_t lanes = 0;
  std::uint32_t processes = 0;
  std::vector<std::vector<Slot>> slots;           // by key
  std::vector<std::vector<std::uint32_t>> order;  // by process: its operations that returned
};

/// What a judge of instances says; operations are nodes.
struct Found {
  Verdict verdict = Verdict::kPass;
  std::string anomaly;
  std::string message;
  std::uint32_t blamed = kNone;
  std::vector<std::uint32_t> nodes{};  // that have to do with it
};
inline Found unknown(std::string why) { return {Verdict::kUnknown, "", std::move(why)}; }

using Judge = std::function<Found(const Instance&, Meter&)>;

/// Judges the history by who read what. If that is open somewhere: fails if it does without those
/// reads, passes if it does by a guess, and else tries everything, if that is not too much.
/// `whole`: an `info` cas must have found what it expected; else it is a write.
Outcome judge_readings(const History& history, const Judge& judge, bool whole, Meter& meter);

}  // namespace seedbed::orders
