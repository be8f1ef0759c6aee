// Rumour mongering: Demers et al. 1987, sections 1.4 and 1.5. A contact is unnecessary if who was
// told had known the rumour when its cycle began, so that sites in step behave as the paper's,
// whose cycles are synchronous. What a cycle has shown is counted when the next one begins.
#include <algorithm>

#include "protocols/gossip/fault_points.h"
#include "protocols/gossip/gossiper.h"

namespace seedbed::gossip {

/// Cycles count from the clock's zero, before which a clock may be.
std::int64_t Gossiper::cycle_at(Time now) const {
  const std::int64_t length = parameters_->cycle.count();
  const std::int64_t since = (now - phase_).count();
  return since / length - (since % length < 0 ? 1 : 0);
}

void Gossiper::await_cycle(Context& ctx) {
  if (awaits_cycle_) return;
  awaits_cycle_ = true;
  const Time next = Time{} + phase_ + parameters_->cycle * (cycle_at(ctx.now()) + 1);
  ctx.after(next - ctx.now(), NextCycle{});
}

Rumour* Gossiper::find_hot(Value value) {
  const auto found =
      std::find_if(hot_.begin(), hot_.end(), [&](const Rumour& r) { return r.value == value; });
  return found == hot_.end() ? nullptr : &*found;
}

/// It becomes infective with it, as from the next cycle.
void Gossiper::make_hot(Context& ctx, Value value) {
  if (!parameters_->push && !parameters_->pull) return;
  Rumour* rumour = find_hot(value);
  if (rumour == nullptr) rumour = &hot_.emplace_back();
  *rumour = {.value = value, .learned = cycle_at(ctx.now())};
  await_cycle(ctx);
}

void Gossiper::on(Context& ctx, const NextCycle&) {
  awaits_cycle_ = false;
  pass_cycle(ctx);
  const bool pushes = parameters_->push && !hot_.empty();
  if (pushes || parameters_->pull) {
    const NodeId other = ctx.maybe(fault_points::kSkipsCycle) ? kNobody : partner(ctx);
    if (other) {
      Contact contact{{}, parameters_->pull};
      if (pushes) {
        contact.updates = rumours(cycle_, {});
        ctx.count("updates_sent", contact.updates.size());
      }
      ctx.send(other, std::move(contact));
    }
  }
  if (!hot_.empty() || parameters_->pull) await_cycle(ctx);
}

void Gossiper::pass_cycle(Context& ctx) {
  cycle_ = cycle_at(ctx.now());
  std::erase_if(hot_, [&](Rumour& rumour) {
    const auto item = items_.find(rumour.value);
    if (item == items_.end() || item->second.dormant) return true;  // a certificate that grew old
    if (loses_interest(ctx, rumour)) return true;
    rumour.told = rumour.needed = rumour.unnecessary = false;
    return false;
  });
}

/// Feedback or blind, counter or coin, k.
bool Gossiper::loses_interest(Context& ctx, Rumour& rumour) {
  const Parameters& p = *parameters_;
  const bool needed = p.feedback && rumour.needed;
  const bool in_vain = p.feedback ? rumour.unnecessary && !needed : rumour.told;
  if (p.k == 0 || !(needed || in_vain)) return false;
  if (!p.counter) return in_vain && ctx.rng().below(p.k) == 0;
  rumour.counter = counted(rumour.counter, needed);
  return rumour.counter >= p.k;
}

/// What it was infective with before this cycle, but for what the other one knows.
std::vector<Update> Gossiper::rumours(std::int64_t before, const std::vector<Update>& known) {
  std::vector<Update> told;
  for (Rumour& rumour : hot_) {
    if (rumour.learned >= before) continue;
    const auto item = items_.find(rumour.value);
    if (item == items_.end() || item->second.dormant) continue;
    const Update update{rumour.value, item->second.stamp, item->second.dead};
    if (std::find(known.begin(), known.end(), update) != known.end()) continue;
    rumour.told = true;
    told.push_back(update);
  }
  return told;
}

/// Learns them, and says which were needed.
Answer Gossiper::hear(Context& ctx, const std::vector<Update>& updates) {
  Answer answer;
  const std::int64_t present = cycle_at(ctx.now());
  for (const Update& update : updates) {
    const Rumour* fresh = find_hot(update.value);
    const bool knew = holds(update) && (fresh == nullptr || fresh->learned < present);
    (knew ? answer.unnecessary : answer.needed).push_back(update.value);
    if (learn(ctx, update)) make_hot(ctx, update.value);
  }
  if (!parameters_->feedback || ctx.maybe(fault_points::kNoFeedback)) return {};
  return answer;
}

void Gossiper::on(Context& ctx, const Envelope& from, const Contact& m) {
  meet(ctx, from.from.node);
  Answer answer = hear(ctx, m.updates);
  if (m.pulls) answer.updates = rumours(cycle_at(ctx.now()), m.updates);
  if (answer.empty()) return;
  if (!answer.updates.empty()) ctx.count("updates_sent", answer.updates.size());
  ctx.reply(from, std::move(answer));
}

void Gossiper::on(Context& ctx, const Envelope& from, const Answer& m) {
  const auto mark = [this](const std::vector<Value>& values, bool Rumour::*how) {
    for (const Value value : values) {
      if (Rumour* rumour = find_hot(value)) rumour->*how = true;
    }
  };
  mark(m.needed, &Rumour::needed);
  mark(m.unnecessary, &Rumour::unnecessary);
  if (m.updates.empty()) return;
  Answer answer = hear(ctx, m.updates);
  if (!answer.empty()) ctx.reply(from, std::move(answer));
}

}  // namespace seedbed::gossip
