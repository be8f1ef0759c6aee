#include "sim/explore/concrete.h"

#include <algorithm>
#include <limits>

#include "sim/scenario/scenario_lines.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

/// What becomes of each message.
class Fates final : public Observer {
 public:
  void on_send(const MessageKey& key, const PayloadHeader& header, const Fate& fate,
               bool cut) override {
    if (key.from == key.to) return;
    if (cut) {
      cut_.push_back({Decision::Kind::kLose, key, std::string(header.type->name), {}});
      return;
    }
    sent_.push_back({key, header.type->name, fate});
  }

  /// The least that a message took, so that no decision has to hurry one up.
  Duration latency() const {
    constexpr Duration kNone{std::numeric_limits<std::int64_t>::max()};
    Duration least = kNone;
    for (const Sent& sent : sent_) {
      if (!sent.fate.lost) least = std::min(least, sent.fate.delay);
      if (sent.fate.duplicated) least = std::min(least, sent.fate.duplicate_delay);
    }
    return least == kNone ? 1_ms : least;
  }

  const std::vector<Decision>& cut() const { return cut_; }

  std::vector<Decision> decisions() const {
    const Duration usual = latency();
    std::vector<Decision> decisions;
    for (const auto& [key, name, fate] : sent_) {
      const auto decide = [&, &key = key, &name = name](Decision::Kind kind, Duration by) {
        decisions.push_back({kind, key, std::string(name), by});
      };
      if (fate.lost) {
        decide(Decision::Kind::kLose, {});
        continue;
      }
      if (fate.delay != usual) decide(Decision::Kind::kDelay, fate.delay - usual);
      if (fate.duplicated) decide(Decision::Kind::kDuplicate, fate.duplicate_delay - usual);
    }
    return decisions;
  }

 private:
  struct Sent {
    MessageKey key;
    std::string_view name;
    Fate fate;
  };
  std::vector<Sent> sent_;
  std::vector<Decision> cut_;
};

/// Its lines: a ring is the links that it cuts.
void add_lines(const FaultRecord& record, const Fault& exact, std::uint32_t servers,
               std::vector<std::string>& lines) {
  const PartitionShape::Kind shape = exact.partition.kind;
  const bool ring =
      record.info == &faults::kPartition &&
      (shape == PartitionShape::Kind::kRing || shape == PartitionShape::Kind::kMajorityRing);
  if (!ring) return lines.push_back(line_of(record.at, exact, servers));
  for (const std::vector<NodeId>& pair : exact.partition.groups) {
    Fault cut;
    cut.info = &faults::kCut;
    cut.who = Selector::of(pair);
    cut.lasts = exact.lasts;
    lines.push_back(line_of(record.at, cut, servers));
  }
}

std::vector<std::string> faults_of(const Run& run) {
  const Time healed = Time{} + run.scenario().duration;
  std::vector<std::string> lines;
  for (const FaultRecord& record : run.chaos().records()) {
    if (record.on.empty() || record.info == &faults::kHeal) continue;
    Fault exact = *record.exact;
    // Whether a length is drawn moves what is drawn after it: a weather's own stream.
    const bool drawn = exact.lasts.has_value();
    exact.lasts.reset();
    const bool ends =
        record.info->end != nullptr && record.until && (drawn || *record.until < healed);
    if (ends) exact.lasts = {*record.until - record.at, *record.until - record.at};
    add_lines(record, exact, run.scenario().servers(), lines);
  }
  return lines;
}

std::vector<ListedOperation> operations_of(const Run& run) {
  std::vector<ListedOperation> listed;
  const std::uint32_t servers = run.scenario().servers();
  const auto& workload = run.scenario().workload;
  const bool sagas = workload && workload->kind == &kWorkflowWorkload;
  const bool texts = workload && workload->kind->complaint != nullptr;
  for (const Operation& op : run.world().history().operations()) {
    listed.push_back({op.invoked_at, op.client.value - servers - 1, op.command,
                      texts ? op.function : std::string_view(),
                      texts ? std::string(op.asked) : std::string(), sagas});
  }
  return listed;
}

}  // namespace

Concrete write_down(std::shared_ptr<const Scenario> scenario) {
  Run run(std::move(scenario));
  Fates fates;
  run.observe(&fates);
  run.to_end();
  return {faults_of(run),    operations_of(run), fates.latency(),
          fates.decisions(), fates.cut(),        run.world().now()};
}

}  // namespace seedbed
