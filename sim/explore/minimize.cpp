// The lists of what is written down get as short as they can, and their values round.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/text.h"
#include "sim/explore/concrete.h"
#include "sim/explore/delta_debugging.h"
#include "sim/explore/shrink.h"
#include "sim/scenario/scenario_lines.h"
#include "sim/scenario/yaml_line.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

using Lists = Reproduction::Lists;

constexpr int kMostRounds = 6;
/// Runs that a list's candidates are worth together, under the present seed and others.
constexpr std::size_t kTriesARound = 2'000;
constexpr std::size_t kSeedsOfADisk = 100;

/// One that is written down, and what its tree alone means.
class Minimizer {
 public:
  Minimizer(Reproduction listed, const Failing& failing, std::size_t effort)
      : now_(std::move(listed)), failing_(failing), effort_(effort), base_(scenario_of(bare())) {}

  Reproduction run() {
    for (int round = 0; round < kMostRounds; ++round) {
      const auto before = sizes();
      calm_disk();
      end_with_the_failure();
      shorten(&Lists::decisions);
      shorten(&Lists::chaos);
      shorten(&Lists::operations);
      fewer_nodes();
      fewer_clients();
      if (before == sizes()) break;
    }
    small_values();
    round_times();
    shorten(&Lists::decisions);
    return std::move(now_);
  }

 private:
  Reproduction bare() const { return {now_.file, now_.root, now_.seed, nullptr}; }

  std::array<std::size_t, 4> sizes() const {
    return {now_.lists->chaos.size(), now_.lists->operations.size(), now_.lists->decisions.size(),
            base_->nodes};
  }

  Reproduction with_lists(Lists lists) const {
    Reproduction r = now_;
    r.lists = std::make_shared<const Lists>(std::move(lists));
    return r;
  }

  /// The first candidate that fails, under the present seed or, while no message is decided, under
  /// one of a few others: a decision names a message by the very time at which it was sent.
  template <class Make>
  std::optional<std::size_t> adopt(std::size_t count, const Make& lists_of) {
    if (count == 0) return std::nullopt;
    const std::size_t others = std::clamp<std::size_t>(kTriesARound / count, 5, 200) * effort_;
    const std::size_t tries = now_.lists->decisions.empty() ? 1 + others : 1;
    const auto candidate = [&](std::size_t i) {
      Reproduction r = with_lists(lists_of(i / tries));
      if (i % tries != 0) r.seed = i % tries;
      return r;
    };
    const auto found =
        failing_(count * tries, [&](std::size_t i) { return scenario_of(candidate(i), *base_); });
    if (!found) return std::nullopt;
    now_ = candidate(*found);
    return *found / tries;
  }

  bool adopt(const std::vector<Lists>& candidates) {
    return adopt(candidates.size(), [&](std::size_t i) { return candidates[i]; }).has_value();
  }

  template <class T>
  void shorten(std::vector<T> Lists::*list) {
    const FirstFailing<std::vector<T>> first = [&](std::size_t count, const auto& items_of) {
      return adopt(count, [&](std::size_t i) {
        Lists lists = *now_.lists;
        lists.*list = items_of(i);
        return lists;
      });
    };
    fewest(now_.lists.get()->*list, first);  // `now_` follows it
  }

  /// Another tree under these lists and, maybe, another seed.
  bool adopt_tree(YamlNode root, std::shared_ptr<const Lists> lists, std::size_t others = 0) {
    const Reproduction bare{now_.file, std::move(root), now_.seed, nullptr};
    std::shared_ptr<Scenario> base = scenario_of(bare);
    if (base == nullptr) return false;
    const auto candidate = [&](std::size_t i) {
      return Reproduction{bare.file, bare.root, i == 0 ? bare.seed : i, lists};
    };
    const auto found =
        failing_(1 + others, [&](std::size_t i) { return scenario_of(candidate(i), *base); });
    if (!found) return false;
    now_ = candidate(*found);
    base_ = std::move(base);
    return true;
  }

  /// Every sync takes as long as any other; or those of one node longer, all through the run.
  void calm_disk() {
    const Range<Duration> sync = base_->world.disk.sync;
    if (sync.min == sync.max || !now_.lists->decisions.empty()) return;
    const YamlNode* disk = now_.root.find("disk");
    for (const std::string_view length : {"1ms", "2ms", "5ms", "20ms"}) {
      const YamlNode calm = with(disk == nullptr ? YamlNode{} : *disk, "sync", std::string(length));
      const YamlNode root = with(now_.root, "disk", to_line(calm));
      if (adopt_tree(root, now_.lists, kSeedsOfADisk)) return;
      for (NodeId n{1}; n.value <= base_->servers(); ++n.value) {
        if (adopt_tree(root, with_slow_disk(n), kSeedsOfADisk)) return;
      }
    }
  }

  std::shared_ptr<const Lists> with_slow_disk(NodeId n) const {
    auto lists = std::make_shared<Lists>(*now_.lists);
    ChaosEntry& slow = lists->chaos.emplace_back();
    Fault& fault = slow.one_of.emplace_back();
    fault.info = &faults::kDiskSlow;
    fault.who = Selector::of({n});
    fault.by = {10_ms, 10_ms};
    slow.at = Time{};
    slow.text = line_of(*slow.at, fault, base_->servers());
    return lists;
  }

  /// Neither the workload nor the settling goes on after what is looked for.
  void end_with_the_failure() {
    const Time ended = write_down(scenario_of(now_, *base_)).ended;
    for (const Duration unit : {1'000_ms, 100_ms, 1_ms}) {
      const Duration length = unit * ((ended - Time{}).count() / unit.count() + 1);
      if (length >= base_->duration) continue;
      auto lists = std::make_shared<Lists>(*now_.lists);
      std::erase_if(lists->chaos,
                    [&](const ChaosEntry& entry) { return *entry.at >= Time{} + length; });
      std::erase_if(lists->operations, [&](const auto& op) { return op.at >= Time{} + length; });
      const YamlNode shorter = with(with(now_.root, "duration", to_text(length)), "settle", "0s");
      if (adopt_tree(shorter, std::move(lists))) return;
    }
  }

  static bool names(const Selector& who, std::uint32_t more_than) {
    return std::any_of(who.nodes.begin(), who.nodes.end(),
                       [&](NodeId n) { return n.value > more_than; });
  }
  static bool names(const Fault& fault, std::uint32_t more_than) {
    bool found = names(fault.who, more_than) || names(fault.link.from, more_than) ||
                 names(fault.link.to, more_than);
    for (const auto& group : fault.partition.groups) {
      found |= names(Selector::of(group), more_than);
    }
    return found;
  }

  /// The last servers go, and with them all that names them. Clients come after the servers.
  void fewer_nodes() {
    if (base_->spares != 0 || !base_->groups.empty()) return;
    for (std::uint32_t n = std::max(base_->protocol->min_nodes, 1U); n < base_->nodes; ++n) {
      auto lists = std::make_shared<Lists>(*now_.lists);
      std::erase_if(lists->chaos,
                    [&](const ChaosEntry& entry) { return names(entry.one_of[0], n); });
      std::erase_if(lists->decisions, [&](Decision& d) {
        return !renumber(d.key.from, n) || !renumber(d.key.to, n);
      });
      if (adopt_tree(with(now_.root, "nodes", fmt::format("{}", n)), std::move(lists))) return;
    }
  }

  bool renumber(NodeId& id, std::uint32_t servers) const {
    if (id.value > base_->nodes) {
      id.value -= base_->nodes - servers;
      return true;
    }
    return id.value <= servers;
  }

  /// Whoever it names and is left, by new names; false if it is about nobody any more.
  static bool rename_in(Fault& fault, const auto& rename) {
    const auto left = [&](std::vector<NodeId>& nodes) {
      const bool named = !nodes.empty();
      std::erase_if(nodes, [&](NodeId& n) { return !rename(n); });
      return !named || !nodes.empty();
    };
    auto& groups = fault.partition.groups;
    std::erase_if(groups, [&](std::vector<NodeId>& group) { return !left(group); });
    return left(fault.who.nodes) && left(fault.link.from.nodes) && left(fault.link.to.nodes);
  }

  /// Only those who ask for anything, by new names.
  void fewer_clients() {
    const Lists& old = *now_.lists;
    if (old.operations.empty() || now_.root.find("workload") == nullptr) return;
    std::map<std::uint32_t, std::uint32_t> name;
    for (const ListedOperation& op : old.operations) {
      name.try_emplace(op.client, static_cast<std::uint32_t>(name.size()));
    }
    if (name.size() == base_->workload->clients) return;
    auto lists = std::make_shared<Lists>(old);
    for (ListedOperation& op : lists->operations) op.client = name.at(op.client);
    const auto rename = [&](NodeId& id) {
      if (id.value <= base_->servers()) return true;
      const auto found = name.find(id.value - base_->servers() - 1);
      if (found == name.end()) return false;
      id.value = base_->servers() + 1 + found->second;
      return true;
    };
    std::erase_if(lists->decisions,
                  [&](Decision& d) { return !rename(d.key.from) || !rename(d.key.to); });
    std::erase_if(lists->chaos, [&](ChaosEntry& entry) {
      const bool left = rename_in(entry.one_of[0], rename);
      if (left) entry.text = line_of(*entry.at, entry.one_of[0], base_->servers());
      return !left;
    });
    const YamlNode workload =
        with(*now_.root.find("workload"), "clients", fmt::format("{}", name.size()));
    adopt_tree(with(now_.root, "workload", to_line(workload)), std::move(lists));
  }

  /// Keys and values count from 0 and 1.
  void small_values() {
    if (base_->workload && base_->workload->kind != &kKvWorkload) return;
    Lists lists = *now_.lists;
    std::map<kv::Key, kv::Key> keys;
    std::map<kv::Value, kv::Value> values = {{kv::kNil, kv::kNil}};
    for (ListedOperation& op : lists.operations) {
      kv::Command& c = op.command;
      c.key = keys.try_emplace(c.key, static_cast<kv::Key>(keys.size())).first->second;
      for (kv::Value* v : {&c.value, &c.expected}) {
        if (op.starts_saga && v == &c.expected) continue;  // a step
        *v = values.try_emplace(*v, static_cast<kv::Value>(values.size())).first->second;
      }
    }
    adopt({lists});
  }

  void round_times() {
    for (std::size_t i = 0; i < now_.lists->operations.size(); ++i) {
      round([i](Lists& l) { return l.operations[i].at - Time{}; },
            [this, i](Lists& l, Duration d) { move_operation(l, i, Time{} + d); });
    }
    for (std::size_t i = 0; i < now_.lists->chaos.size(); ++i) {
      const auto rewrite = [this](ChaosEntry& entry) {
        entry.text = line_of(*entry.at, entry.one_of[0], base_->servers());
      };
      round([i](Lists& l) { return *l.chaos[i].at - Time{}; },
            [i, rewrite](Lists& l, Duration d) {
              l.chaos[i].at = Time{} + d;
              rewrite(l.chaos[i]);
            });
      if (!now_.lists->chaos[i].one_of[0].lasts) continue;
      round([i](Lists& l) { return l.chaos[i].one_of[0].lasts->min; },
            [i, rewrite](Lists& l, Duration d) {
              l.chaos[i].one_of[0].lasts = {d, d};
              rewrite(l.chaos[i]);
            });
    }
    for (std::size_t i = 0; i < now_.lists->decisions.size(); ++i) {
      if (now_.lists->decisions[i].kind == Decision::Kind::kLose) continue;
      round([i](Lists& l) { return l.decisions[i].by; },
            [i](Lists& l, Duration d) { l.decisions[i].by = d; });
    }
  }

  /// And with it what is decided of the message that it begins with.
  void move_operation(Lists& lists, std::size_t i, Time at) const {
    ListedOperation& op = lists.operations[i];
    const NodeId client{base_->servers() + 1 + op.client};
    for (Decision& d : lists.decisions) {
      if (d.key.from == client && d.key.sent == op.at) d.key.sent = at;
    }
    op.at = at;
  }

  /// The roundest of the near values with which it still fails.
  void round(auto get, auto set) {
    Lists present = *now_.lists;
    const Duration exact = get(present);
    std::vector<Lists> candidates;
    for (const Duration unit : {1'000_ms, 100_ms, 10_ms, 1_ms, 100_us, 10_us}) {
      const std::int64_t times = exact.count() / unit.count();
      if (unit * times == exact) break;
      for (const Duration rounded : {unit * times, unit * (times + 1)}) {
        if (rounded == Duration{}) continue;
        set(candidates.emplace_back(present), rounded);
      }
    }
    adopt(candidates);
  }

  Reproduction now_;
  const Failing& failing_;
  std::size_t effort_;  // how many times as many seeds
  std::shared_ptr<Scenario> base_;
};

}  // namespace

Reproduction minimize(Reproduction listed, const Failing& failing, std::size_t effort) {
  if (listed.lists == nullptr) return listed;
  return Minimizer(std::move(listed), failing, effort).run();
}

}  // namespace seedbed
