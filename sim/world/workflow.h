// A workflow: steps at several participants that together are one piece of business, run as a saga
// (Garcia-Molina and Salem 1987): each step is a local transaction, and until the pivot each has a
// compensation; what comes after the pivot is retried until it succeeds (Richardson 2018, 4.3.2).
// And the service as its clients speak it: `Start`, and `Ended` when the saga is over.
//
//   const auto workflow = order_workflow();
//   workflow->successors(0);                  // the steps that wait for the first
//   ctx.send(home, workflow::Start{{ctx.self(), 7}, {.item = 3, .amount = 10}});
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace seedbed::workflow {

using StepNumber = std::uint8_t;  // counts from 0, in the order of the description
constexpr StepNumber kNoStep = 255;
constexpr std::size_t kMostSteps = 32;

/// A set of steps as one word.
struct StepSet {
  std::uint32_t bits = 0;

  static constexpr StepSet first(std::size_t count) {
    return {count >= kMostSteps ? ~std::uint32_t{0} : (std::uint32_t{1} << count) - 1};
  }
  constexpr bool contains(StepNumber s) const { return s < kMostSteps && (bits >> s & 1) != 0; }
  constexpr bool contains(StepSet o) const { return (o.bits & ~bits) == 0; }
  constexpr void insert(StepNumber s) { bits |= std::uint32_t{1} << s; }
  constexpr void erase(StepNumber s) { bits &= ~(std::uint32_t{1} << s); }
  constexpr bool empty() const { return bits == 0; }
  constexpr std::size_t size() const { return static_cast<std::size_t>(std::popcount(bits)); }
  constexpr bool operator==(const StepSet&) const = default;
  friend constexpr StepSet operator|(StepSet a, StepSet b) { return {a.bits | b.bits}; }
  friend constexpr StepSet operator&(StepSet a, StepSet b) { return {a.bits & b.bits}; }
  friend constexpr StepSet operator-(StepSet a, StepSet b) { return {a.bits & ~b.bits}; }
  constexpr void describe(auto& d) const { d("bits", bits); }

  class Iterator {
   public:
    constexpr explicit Iterator(std::uint32_t bits) : bits_(bits) {}
    constexpr StepNumber operator*() const {
      return static_cast<StepNumber>(std::countr_zero(bits_));
    }
    constexpr Iterator& operator++() { return bits_ &= bits_ - 1, *this; }
    constexpr bool operator==(const Iterator&) const = default;

   private:
    std::uint32_t bits_;
  };
  constexpr Iterator begin() const { return Iterator(bits); }
  constexpr Iterator end() const { return Iterator(0); }
};

struct Step {
  std::string name;
  std::string participant;
  std::string compensation;  // "" for the pivot, and for what comes after it
  bool pivot = false;        // once it has taken effect the saga will complete
  StepSet after;             // the steps that it waits for; two that wait for the same are parallel
  // Left out, the protocol's own.
  std::optional<Duration> timeout;
  std::optional<std::uint32_t> retries;
  std::optional<Range<Duration>> backoff;
  bool operator==(const Step&) const = default;
};

/// Where a description makes no sound saga: which step, which of its keys, and why.
struct Complaint {
  std::size_t step = 0;
  std::string_view key;
  std::string text;
};

class Workflow {
 public:
  /// The steps must be such that nobody complains.
  explicit Workflow(std::vector<Step> steps);
  static std::optional<Complaint> complaint(const std::vector<Step>& steps);

  std::size_t size() const { return steps_.size(); }
  const Step& operator[](StepNumber s) const { return steps_[s]; }
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<std::string>& participants() const { return participants_; }
  /// Whose step it is: an index of `participants`, in the order of their first steps.
  std::uint32_t participant(StepNumber s) const { return participant_[s]; }

  StepSet all() const { return StepSet::first(steps_.size()); }
  StepSet predecessors(StepNumber s) const { return steps_[s].after; }
  StepSet successors(StepNumber s) const { return successors_[s]; }
  /// Everything that comes after it, sooner or later.
  StepSet descendants(StepNumber s) const { return descendants_[s]; }
  StepSet sources() const { return sources_; }
  StepSet sinks() const { return sinks_; }
  StepSet compensatable() const { return compensatable_; }
  bool is_compensatable(StepNumber s) const { return compensatable_.contains(s); }
  /// May be refused, or given up: what comes after the pivot may not.
  bool may_fail(StepNumber s) const { return is_compensatable(s) || steps_[s].pivot; }
  bool has_pivot() const { return has_pivot_; }
  /// The steps whose predecessors are all in `done`, and which are not.
  StepSet ready(StepSet done) const;

 private:
  std::vector<Step> steps_;
  std::vector<std::string> participants_;
  std::vector<std::uint32_t> participant_;
  std::vector<StepSet> successors_;
  std::vector<StepSet> descendants_;
  StepSet sources_;
  StepSet sinks_;
  StepSet compensatable_;
  bool has_pivot_ = false;
};

/// An order is created, stock reserved while credit is authorized, the customer charged (the
/// pivot), the goods shipped and the order approved: after Richardson 2018, figure 4.2.
const std::shared_ptr<const Workflow>& order_workflow();

/// Names a saga for ever.
struct SagaId {
  NodeId client;
  std::uint64_t sequence = 0;
  constexpr auto operator<=>(const SagaId&) const = default;
  constexpr void describe(auto& d) const { d("client", client)("sequence", sequence); }
};

/// The server that runs it, whoever performs its steps: of all sagas of a client it is the same.
constexpr NodeId home_of(const SagaId& id, std::uint32_t servers) {
  return {(id.client.value - 1) % servers + 1};
}

using Item = std::uint32_t;
using Amount = std::int64_t;

/// What a saga is about. Each step changes its participant's record of the item by the amount.
struct Order {
  Item item = 0;
  Amount amount = 0;
  StepNumber refused = kNoStep;  // a step that its participant will refuse, for business reasons
  constexpr bool operator==(const Order&) const = default;
  constexpr void describe(auto& d) const { d("item", item)("amount", amount)("refused", refused); }
};

/// To the saga's home. Asked twice under one id, it is one saga.
struct Start {
  static constexpr auto kName = "Start";
  SagaId id;
  Order order;
  constexpr void describe(auto& d) const { d("id", id)("order", order); }
};

enum class Outcome : std::uint8_t {
  kCompleted,    // every step has taken effect
  kCompensated,  // as if none had
};
constexpr std::string_view name_of(Outcome o) {
  constexpr std::string_view kNames[] = {"completed", "compensated"};
  return kNames[static_cast<std::uint8_t>(o)];
}

struct Ended {
  static constexpr auto kName = "Ended";
  SagaId id;
  Outcome outcome = Outcome::kCompleted;
  constexpr void describe(auto& d) const { d("id", id)("outcome", outcome); }
};

/// "n4#0", by the client's node; "(10 of item 3, refused at 4)": the fourth step.
std::string brief_text(const SagaId& id);
std::string brief_text(const Order& order);

}  // namespace seedbed::workflow
