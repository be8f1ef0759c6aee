#include "sim/check/temporal/watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed::temporal {

namespace {

/// The shape of a failure has no numbers in it.
std::string without_numbers(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) out += c;
    if (digit && (out.empty() || out.back() != '#')) out += '#';
  }
  return out;
}

template <class Visit>
void each_part(const Formula& formula, const Visit& visit) {
  visit(formula);
  if (formula.is_quantifier()) return;  // what is inside is its tally's business
  for (const Formula& part : formula.parts) each_part(part, visit);
}

}  // namespace

Watch::Watch(std::vector<Property> properties, std::uint32_t servers)
    : states_(properties.size()), is_up_(servers, false) {
  auto numbered = std::make_shared<std::vector<Property>>(std::move(properties));
  std::uint32_t tallies = 0, flags = 0;
  for (Property& property : *numbered) {
    for (Formula* formula : {&property.what, &property.from}) {
      number(*formula, tallies, flags);
    }
  }
  properties_ = numbered;
  for (const Property& property : *properties_) {
    for (const Formula* formula : {&property.what, &property.from}) {
      each_part(*formula, [&](const Formula& part) {
        if (part.is_quantifier()) tallies_.emplace_back(part, servers);
        if (part.kind == Formula::Kind::kHappens) flags_.push_back({&part});
        uses_time_ |= part.kind == Formula::Kind::kTime;
      });
    }
    if (property.is == Operator::kEventually) {
      next_close_ = std::min(next_close_, Time{} + property.within);
    }
  }
}

/// In the order in which they are made.
void Watch::number(Formula& formula, std::uint32_t& tallies, std::uint32_t& flags) {
  if (formula.is_quantifier()) {
    formula.slot = tallies++;
    return;
  }
  if (formula.kind == Formula::Kind::kHappens) formula.slot = flags++;
  for (Formula& part : formula.parts) number(part, tallies, flags);
}

bool Watch::asks_for(Happens what) const {
  return std::any_of(flags_.begin(), flags_.end(),
                     [&](const Flag& flag) { return flag.atom->happens == what; });
}

void Watch::happened(const Happening& happening) {
  for (Flag& flag : flags_) {
    const Formula& atom = *flag.atom;
    if (atom.happens != happening.what) continue;
    if (atom.word != happening.name && atom.word != kAnyOperation) continue;
    flag.up = lowers_ = changed_ = true;
    who_.insert(who_.end(), happening.nodes, happening.nodes + happening.count);
  }
}

void Watch::look(const World& world, NodeId touched, Report& report) {
  if (touched && touched.value <= is_up_.size()) touch(world, touched);
  if (changed_ || uses_time_ || world.now() > next_close_) judge(world, report);
}

void Watch::look_at_all(const World& world, Report& report) {
  for (std::uint32_t n = 1; n <= is_up_.size(); ++n) touch(world, {n});
  if (changed_ || uses_time_ || world.now() > next_close_) judge(world, report);
}

void Watch::touch(const World& world, NodeId n) {
  const bool up = world.is_up(n);
  if (up != is_up_[n.value - 1]) {
    is_up_[n.value - 1] = up;
    up_ += up ? 1 : -1;
    changed_ = true;
  }
  for (Tally& tally : tallies_) changed_ |= tally.look(world, n);
}

void Watch::judge(const World& world, Report& report) {
  changed_ = false;
  if (world.now() > next_close_) close_windows(world, false, report);
  for (std::size_t i = 0; i < states_.size(); ++i) judge_one(world, i, report);
  if (!lowers_) return;
  for (Flag& flag : flags_) flag.up = false;
  who_.clear();
  lowers_ = false;
  changed_ = true;  // at the next event nothing of that happens any more
}

void Watch::judge_one(const World& world, std::size_t i, Report& report) {
  const Property& property = (*properties_)[i];
  State& state = states_[i];
  if (state.settled) return;
  if (property.is == Operator::kLeadsTo) return lead(world, i);
  const bool holds_now = holds(property.what, world);
  if (property.is != Operator::kAlways) {
    state.settled = holds_now;
    return;
  }
  if (!holds_now && state.held) {
    const Formula& part = broken_part(property.what, world);
    std::vector<NodeId> nodes;
    std::string story = witness(part, world, nodes);
    fail(i, part, fmt::format("is false{}", story), std::move(nodes), report);
  }
  state.held = holds_now;
}

/// The first trigger that waits is the one whose window closes first.
void Watch::lead(const World& world, std::size_t i) {
  const Property& property = (*properties_)[i];
  State& state = states_[i];
  if (holds(property.what, world)) {
    state.last = world.now();
    state.since.reset();
    return;
  }
  if (state.since || !holds(property.from, world)) return;
  state.since = world.now();
  state.event = world.events();
  state.who = who_;
  next_close_ = std::min(next_close_, world.now() + property.within);
}

/// A window is closed: what comes at its very end is in time. So it is over at the first event
/// beyond it; and at the end of the run, since nothing comes any more.
void Watch::close_windows(const World& world, bool at_end, Report& report) {
  const Time now = world.now();
  next_close_ = Time::never();
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Property& property = (*properties_)[i];
    State& state = states_[i];
    const bool eventually = property.is == Operator::kEventually && !state.settled;
    if (!eventually && !state.since) continue;
    const Time close = (eventually ? Time{} : *state.since) + property.within;
    if (now < close || (now == close && !at_end)) {
      next_close_ = std::min(next_close_, close);
      continue;
    }
    std::string story;
    std::vector<NodeId> nodes;
    if (eventually) {
      story = fmt::format("did not hold until {}", to_text(close));
      state.settled = true;
    } else {
      story = fmt::format("did not follow until {} on {} at {} (event {}); it held last {}",
                          to_text(close), property.from.text, to_text(*state.since), state.event,
                          state.last ? fmt::format("at {}", to_text(*state.last)) : "never");
      nodes = std::exchange(state.who, {});
      state.since.reset();
      changed_ = true;  // what triggers it may hold still
    }
    story += witness(broken_part(property.what, world), world, nodes);
    fail(i, property.what, std::move(story), std::move(nodes), report);
  }
}

void Watch::end(const World& world, Report& report) {
  close_windows(world, true, report);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Property& property = (*properties_)[i];
    if (property.is != Operator::kSometimes || states_[i].settled) continue;
    std::vector<NodeId> nodes;
    const std::string story = witness(broken_part(property.what, world), world, nodes);
    fail(i, property.what, fmt::format("never held; at the end it is false{}", story),
         std::move(nodes), report);
  }
}

bool Watch::holds(const Formula& f, const World& world) const {
  const auto part_holds = [&](const Formula& part) { return holds(part, world); };
  switch (f.kind) {
    case Formula::Kind::kAnd: return std::all_of(f.parts.begin(), f.parts.end(), part_holds);
    case Formula::Kind::kOr: return std::any_of(f.parts.begin(), f.parts.end(), part_holds);
    case Formula::Kind::kNot: return !part_holds(f.parts[0]);
    case Formula::Kind::kUp: return temporal::holds(up_, f.relation, f.number);
    case Formula::Kind::kTime: return temporal::holds(world.now().count(), f.relation, f.number);
    case Formula::Kind::kHappens: return flags_[f.slot].up;
    default: return tallies_[f.slot].holds();
  }
}

/// What makes `formula` false: of an `and`, its first part that does not hold.
const Formula& Watch::broken_part(const Formula& formula, const World& world) const {
  if (formula.kind != Formula::Kind::kAnd) return formula;
  for (const Formula& part : formula.parts) {
    if (!holds(part, world)) return broken_part(part, world);
  }
  return formula;
}

/// Who is to blame for `part`, with what they are, where it speaks of servers.
std::string Watch::witness(const Formula& part, const World& world,
                           std::vector<NodeId>& nodes) const {
  if (part.kind == Formula::Kind::kUp) return fmt::format(": {} are up", up_);
  if (part.kind == Formula::Kind::kNot) return witness(part.parts[0], world, nodes);
  if (!part.is_quantifier()) return "";
  const Tally& tally = tallies_[part.slot];
  const bool counted = part.kind == Formula::Kind::kCount;
  const std::vector<NodeId> servers = tally.servers(counted || tally.holds());
  constexpr std::size_t kMost = 5;
  std::string text;
  if (counted) text = fmt::format(": {} are so{}", servers.size(), servers.empty() ? "" : ":");
  if (!counted && !servers.empty()) text = ":";
  for (std::size_t i = 0; i < std::min(servers.size(), kMost); ++i) {
    text += fmt::format("{} {}", i == 0 ? "" : ",", tally.text(world, servers[i]));
    nodes.push_back(servers[i]);
  }
  if (servers.size() > kMost) text += fmt::format(" and {} more", servers.size() - kMost);
  return text;
}

void Watch::fail(std::size_t i, const Formula& part, std::string story, std::vector<NodeId> nodes,
                 Report& report) {
  const Property& property = (*properties_)[i];
  states_[i].failed = true;
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  report.asks(property.name);
  report.fail(without_numbers(fmt::format("{} {}", name_of(property.is), part.text)),
              std::move(nodes), fmt::format("{} {}: {}", name_of(property.is), part.text, story));
}

std::vector<Outcome> Watch::outcomes(bool ended, Time now) const {
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Property& property = (*properties_)[i];
    const State& state = states_[i];
    const bool soon = property.is == Operator::kSometimes || property.is == Operator::kEventually;
    Outcome& outcome = outcomes.emplace_back();
    outcome.property = &property;
    if (state.failed) {
      outcome.verdict = Verdict::kFail;
    } else if ((soon && !state.settled) || state.since) {
      const Time from = state.since.value_or(Time{});
      outcome.note = fmt::format("the run {} at {}, ", ended ? "ended" : "stopped", to_text(now));
      outcome.note += property.is == Operator::kSometimes
                          ? "and it had not held yet"
                          : fmt::format("before the window from {} to {} closed", to_text(from),
                                        to_text(from + property.within));
    } else {
      outcome.verdict = Verdict::kPass;
    }
  }
  return outcomes;
}

}  // namespace seedbed::temporal
