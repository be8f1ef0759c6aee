// The second and third step of shrinking: what was drawn becomes lists, and the lists become short.
#include "sim/explore/shrink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "sim/base/text.h"
#include "sim/explore/concrete.h"
#include "sim/explore/delta_debugging.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_lines.h"
#include "sim/scenario/yaml_line.h"

namespace seedbed {

namespace {

using Lists = Reproduction::Lists;

constexpr int kMostRounds = 6;
constexpr std::size_t kTriesARound = 2'000;
constexpr int kMostStarts = 6;
constexpr std::size_t kLastEffort = 20;
constexpr std::size_t kSeedsAStart = 300;
constexpr std::size_t kSmallEnough = 8;  // faults, operations and decisions together
constexpr std::size_t kMostFaults = 5;   // more than anybody keeps in mind
constexpr std::size_t kMostOperations = 10;
constexpr std::size_t kMostDecided = 20'000;  // delta debugging of more takes too long

std::optional<std::uint64_t> fingerprint_of(std::shared_ptr<const Scenario> scenario) {
  Run run(std::move(scenario));
  run.to_end();
  const Result result = judge(run);
  if (!result.first_violation) return std::nullopt;
  return result.first_violation->fingerprint();
}

/// What is drawn of the workload is in the list of its operations.
YamlNode without_draws(const YamlNode& workload) {
  YamlNode kept = workload;
  std::erase_if(kept.children, [](const YamlNode& child) {
    return child.key != "kind" && child.key != "clients" && child.key != "timeout";
  });
  return kept;
}

/// One that is written down, and what its tree alone means.
class Minimizer {
 public:
  Minimizer(Reproduction listed, const Failing& failing, std::size_t effort)
      : now_(std::move(listed)), failing_(failing), effort_(effort), base_(scenario_of(bare())) {}

  Reproduction run() {
    for (int round = 0; round < kMostRounds; ++round) {
      const auto before = sizes();
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

  /// Another tree under the same lists; null lists: those that it can have.
  bool adopt_tree(YamlNode root, std::shared_ptr<const Lists> lists) {
    Reproduction r{now_.file, std::move(root), now_.seed, nullptr};
    std::shared_ptr<Scenario> base = scenario_of(r);
    if (base == nullptr) return false;
    r.lists = std::move(lists);
    if (!failing_(1, [&](std::size_t) { return scenario_of(r, *base); })) return false;
    now_ = std::move(r);
    base_ = std::move(base);
    return true;
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
    const YamlNode workload =
        with(*now_.root.find("workload"), "clients", fmt::format("{}", name.size()));
    adopt_tree(with(now_.root, "workload", to_line(workload)), std::move(lists));
  }

  /// Keys and values count from 0 and 1.
  void small_values() {
    Lists lists = *now_.lists;
    std::map<kv::Key, kv::Key> keys;
    std::map<kv::Value, kv::Value> values = {{kv::kNil, kv::kNil}};
    for (ListedOperation& op : lists.operations) {
      kv::Command& c = op.command;
      c.key = keys.try_emplace(c.key, static_cast<kv::Key>(keys.size())).first->second;
      for (kv::Value* v : {&c.value, &c.expected}) {
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

bool fails_so(const std::shared_ptr<const Scenario>& scenario, std::uint64_t fingerprint) {
  if (fingerprint_of(scenario) != fingerprint) return false;
  if (scenario->mutant.empty()) return true;
  auto sound = std::make_shared<Scenario>(*scenario);
  sound->mutant.clear();
  return fingerprint_of(sound) != fingerprint;
}

namespace {

bool is_weather(const FaultInfo* fault) {
  constexpr const FaultInfo* kWeather[] = {&faults::kLoss, &faults::kDelay, &faults::kDuplicate,
                                           &faults::kReorder, &faults::kCorrupt};
  return std::find(std::begin(kWeather), std::end(kWeather), fault) != std::end(kWeather);
}

/// All messages are lost, or late by so much.
bool draws_nothing(const Fault& fault) {
  const auto certain = [](Probability p) { return p.ppb == Probability::kOne; };
  if (fault.info == &faults::kDelay) return fault.by.min == fault.by.max;
  if (fault.info == &faults::kReorder) {
    return certain(fault.held.chance) && fault.held.by.min == fault.held.by.max;
  }
  return fault.info == &faults::kLoss && certain(fault.chance);
}

/// Nothing about its messages is drawn.
bool is_calm(const Reproduction& r) {
  const YamlNode* network = r.root.find("network");
  const YamlNode* latency = network == nullptr ? nullptr : network->find("latency");
  const bool constant = latency != nullptr && network->children.size() == 1 &&
                        latency->is_scalar() && latency->text.find("..") == std::string::npos;
  return constant && std::none_of(r.lists->chaos.begin(), r.lists->chaos.end(), [](const auto& e) {
           return is_weather(e.one_of[0].info) && !draws_nothing(e.one_of[0]);
         });
}

bool has_many_operations(const Reproduction& r) {
  return r.lists == nullptr || r.lists->operations.size() > kMostOperations;
}

/// How much a person has to read.
std::size_t weight(const Reproduction& r) {
  if (r.lists == nullptr) return 2 * kMostNodes;
  const std::size_t faults = r.lists->chaos.size();
  return faults + r.lists->operations.size() + r.lists->decisions.size() +
         (faults > kMostFaults ? 10 * faults : 0) + (has_many_operations(r) ? 100 : 0) +
         (is_calm(r) ? 0 : kMostNodes);
}

/// So much can be written as a scenario, and be read again.
bool fits(const Reproduction& r) {
  return r.lists == nullptr ||
         r.lists->chaos.size() + r.lists->operations.size() + r.lists->decisions.size() <
             kMostNodes / 10;
}

}  // namespace

std::optional<Reproduction> write_down(const Reproduction& drawn, const Failing& failing) {
  const Concrete done = write_down(std::shared_ptr<const Scenario>(scenario_of(drawn)));
  Reproduction r = drawn;
  r.root = without(std::move(r.root), "chaos");
  if (const YamlNode* workload = r.root.find("workload")) {
    r.root = with(r.root, "workload", to_line(without_draws(*workload)));
  }
  Reproduction whole = r;
  if (!done.faults.empty()) {
    whole.root = with(r.root, "chaos", fmt::format("[{}]", fmt::join(done.faults, ", ")));
  }
  const auto scenario = scenario_of(whole);
  if (scenario == nullptr) return std::nullopt;
  r.lists = std::make_shared<const Lists>(Lists{scenario->chaos, done.operations, {}});
  if (!failing(1, [&](std::size_t) { return scenario_of(r); })) return std::nullopt;
  return r;
}

std::optional<Reproduction> decide(const Reproduction& listed, const Failing& failing) {
  const Concrete done = write_down(std::shared_ptr<const Scenario>(scenario_of(listed)));
  if (done.decisions.size() > kMostDecided) return std::nullopt;
  Reproduction r = listed;
  r.root = with(r.root, "network", fmt::format("{{ latency: {} }}", to_text(done.latency)));
  Lists lists = *r.lists;
  std::erase_if(lists.chaos, [](const ChaosEntry& e) { return is_weather(e.one_of[0].info); });
  lists.decisions = done.decisions;
  r.lists = std::make_shared<const Lists>(std::move(lists));
  if (!failing(1, [&](std::size_t) { return scenario_of(r); })) return std::nullopt;
  return r;
}

Reproduction minimize(Reproduction listed, const Failing& failing, std::size_t effort) {
  if (listed.lists == nullptr) return listed;
  return Minimizer(std::move(listed), failing, effort).run();
}

std::optional<Reproduction> lose(const Reproduction& listed, std::size_t fault,
                                 const Failing& failing) {
  const Concrete done = write_down(std::shared_ptr<const Scenario>(scenario_of(listed)));
  Reproduction r = listed;
  Lists lists = *r.lists;
  lists.chaos.erase(lists.chaos.begin() + static_cast<std::ptrdiff_t>(fault));
  lists.decisions.insert(lists.decisions.end(), done.cut.begin(), done.cut.end());
  r.lists = std::make_shared<const Lists>(std::move(lists));
  if (!failing(1, [&](std::size_t) { return scenario_of(r); })) return std::nullopt;
  return minimize(r, failing);
}

/// Where there are too many faults: what single links lose instead of some of them.
static Reproduction fewer_faults(Reproduction listed, const Failing& failing) {
  const auto is_of_links = [](const FaultInfo* info) {
    return info == &faults::kOneWay || info == &faults::kCut || info == &faults::kIsolate ||
           info == &faults::kPartition;
  };
  for (std::size_t i = listed.lists->chaos.size(); i-- > 0;) {
    if (listed.lists->chaos.size() <= kMostFaults) break;
    if (i >= listed.lists->chaos.size() || !is_of_links(listed.lists->chaos[i].one_of[0].info)) {
      continue;
    }
    const auto fewer = lose(listed, i, failing);
    if (fewer && weight(*fewer) < weight(listed)) listed = *fewer;
  }
  return listed;
}

namespace {

/// The ways on from one start, and what is the smallest so far.
class Descent {
 public:
  Descent(const Reproduction& drawn, const Failing& failing)
      : start_(drawn), best_(drawn), listed_(drawn), failing_(failing) {}

  Reproduction run() {
    std::uint64_t tried = 0;
    for (int i = 0; i < kMostStarts && weight(best_) > kSmallEnough; ++i) {
      if (const auto listed = write_down(start_, failing_)) go_down(*listed, 1);
      if (i == 0 && has_many_operations(best_) && with_few_operations()) continue;
      const std::shared_ptr<Scenario> base = scenario_of(start_);
      const auto next = failing_(kSeedsAStart, [&](std::size_t k) {
        Reproduction other = start_;
        other.seed = tried + k + 1;
        return scenario_of(other, *base);
      });
      if (!next) break;
      start_.seed = tried += *next + 1;
    }
    if (has_many_operations(best_) && listed_.lists != nullptr) go_down(listed_, kLastEffort);
    return best_;
  }

 private:
  void go_down(const Reproduction& from, std::size_t effort) {
    std::optional<Reproduction> found = minimize(from, failing_, effort);
    if (weight(*found) < weight(listed_)) listed_ = *found;
    if (!is_calm(*found)) {
      consider(*found);
      found = decide(*found, failing_);
      if (found) found = minimize(std::move(*found), failing_);
    }
    if (found) consider(fewer_faults(std::move(*found), failing_));
  }

  void consider(const Reproduction& found) {
    if (fits(found) && weight(found) < weight(best_)) best_ = found;
  }

  bool with_few_operations() {
    Reproduction few = start_;
    few.seed = 0;  // which it cannot become
    few = tighten(std::move(few), kMostOperations, failing_);
    if (few.seed == 0) return false;
    start_ = std::move(few);
    return true;
  }

  Reproduction start_, best_;
  Reproduction listed_;  // the smallest of those whose messages are not decided
  const Failing& failing_;
};

}  // namespace

Reproduction smallest(const Reproduction& drawn, const Failing& failing) {
  return Descent(drawn, failing).run();
}

}  // namespace seedbed
