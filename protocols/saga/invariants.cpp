#include "protocols/saga/invariants.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace seedbed::saga {

namespace {

std::string step_text(const Server& s, const StepKey& key) {
  return fmt::format("'{}' of saga {}", s.workflow()[key.step].name, brief_text(key.saga));
}

/// Every server that the run began with has a part in the sagas; null for one that is down.
bool all_up(const Servers<Server>& servers, const Server** any) {
  *any = servers[NodeId{1}];
  if (*any == nullptr) return false;
  for (std::uint32_t n = 2; n <= (*any)->servers(); ++n) {
    if (servers[NodeId{n}] == nullptr) return false;
  }
  return true;
}

}  // namespace

void Ledger::catch_up_with_crash(const Servers<Server>& servers, NodeId n, const Server& s) {
  std::uint32_t& incarnation = incarnations_[n];
  if (incarnation == servers.incarnation(n)) return;
  incarnation = servers.incarnation(n);
  SharedLog<Entry>& seen = journals_[n];
  while (seen.last_index() > s.recovered()) {
    const Entry& lost = seen.back();
    if (lost.kind != Kind::kAcked) {
      count(lost, sagas_[lost.key.saga], -1);
      lost_.push_back(lost.key.saga);
    }
    seen.truncate(seen.last_index());
  }
}

void Ledger::count(const Entry& entry, Seen& saga, int by) {
  const StepNumber step = entry.key.step;
  const auto add = [by](std::uint8_t& to) { to = static_cast<std::uint8_t>(to + by); };
  switch (entry.kind) {
    case Kind::kBeginSaga: saga.begun = by > 0; break;
    case Kind::kSagaCompleted: saga.completed = by > 0; break;
    case Kind::kSagaCompensated: saga.compensated_all = by > 0; break;
    case Kind::kPerformed: add(saga.performed[step]); break;
    case Kind::kCompensated: add(saga.compensated[step]); break;
    default: break;
  }
}

void ExactlyOnce::after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report) {
  ledger_.each_new(servers, n, s, [&](const Entry& entry, const Ledger::Seen& saga) {
    const StepKey& key = entry.key;
    if (entry.kind == Kind::kPerformed && saga.performed[key.step] > 1) {
      report.fail("a step took effect twice", {n},
                  fmt::format("{} performed {} again", to_text(n), step_text(s, key)));
    }
    if (entry.kind == Kind::kCompensated && saga.compensated[key.step] > 1) {
      report.fail("a compensation took effect twice", {n},
                  fmt::format("{} compensated {} again", to_text(n), step_text(s, key)));
    }
  });
}

namespace {

/// What is wrong with the effects of a saga that has ended, or "".
std::string wrong_with(const Ledger::Seen& saga, const Server& s, const SagaId& id) {
  for (const StepNumber step : s.workflow().all()) {
    if (saga.completed && !saga.stands(step)) {
      return fmt::format("saga {} has completed without the effect of '{}'", brief_text(id),
                         s.workflow()[step].name);
    }
    if (saga.compensated_all && saga.stands(step)) {
      return fmt::format("saga {} was compensated, and the effect of '{}' stands", brief_text(id),
                         s.workflow()[step].name);
    }
  }
  return "";
}

void complain(const Ledger::Seen& saga, const Server& s, const SagaId& id, NodeId n,
              Report& report) {
  const std::string wrong = wrong_with(saga, s, id);
  if (wrong.empty()) return;
  report.fail(
      saga.completed ? "a completed saga lacks an effect" : "a compensated saga has effects",
      n ? std::vector{n} : std::vector<NodeId>{}, wrong);
}

}  // namespace

void CompletedOrCompensated::after(const Servers<Server>& servers, NodeId n, const Server& s,
                                   Report& report) {
  ledger_.each_new(servers, n, s, [&](const Entry& entry, const Ledger::Seen& saga) {
    const bool ends = entry.kind == Kind::kSagaCompleted || entry.kind == Kind::kSagaCompensated;
    const bool changes = entry.kind == Kind::kPerformed || entry.kind == Kind::kCompensated;
    if (ends || changes) complain(saga, s, entry.key.saga, n, report);
  });
  for (const SagaId& id : ledger_.lost()) complain(ledger_.sagas().at(id), s, id, n, report);
}

void CompletedOrCompensated::at_end(const Servers<Server>& servers, Report& report) {
  const Server* any = nullptr;
  if (!all_up(servers, &any)) return;
  for (const auto& [id, saga] : ledger_.sagas()) complain(saga, *any, id, {}, report);
}

void ReverseOrder::after(const Servers<Server>& servers, NodeId n, const Server& s,
                         Report& report) {
  ledger_.each_new(servers, n, s, [&](const Entry& entry, const Ledger::Seen& saga) {
    if (entry.kind != Kind::kCompensated) return;
    for (const StepNumber later : s.workflow().descendants(entry.key.step)) {
      if (!saga.stands(later)) continue;
      report.fail("a step was compensated before one that came after it", {n},
                  fmt::format("{} compensated {}, and the effect of '{}' stands", to_text(n),
                              step_text(s, entry.key), s.workflow()[later].name));
    }
  });
}

void NoOrphan::after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report) {
  ledger_.each_new(servers, n, s, [](const Entry&, const Ledger::Seen&) {});
  if (incarnations_[n] == servers.incarnation(n)) return;
  incarnations_[n] = servers.incarnation(n);
  for (const auto& [id, saga] : ledger_.sagas()) {
    if (workflow::home_of(id, s.servers()) != n || !saga.begun || saga.has_ended()) continue;
    if (s.sagas().contains(id)) continue;
    report.fail("a home forgot a saga", {n},
                fmt::format("{} has restarted, and does not know of saga {}, which it began",
                            to_text(n), brief_text(id)));
  }
}

void NoOrphan::at_end(const Servers<Server>& servers, Report& report) {
  const Server* any = nullptr;
  if (!all_up(servers, &any)) return;
  for (const auto& [id, saga] : ledger_.sagas()) {
    if (saga.has_ended() || !saga.is_known()) continue;
    report.fail("a saga has not ended", {workflow::home_of(id, any->servers())},
                fmt::format("saga {} has neither completed nor been compensated", brief_text(id)));
  }
  for (std::uint32_t n = 1; n <= any->servers(); ++n) {
    for (const auto& [key, record] : servers[NodeId{n}]->records()) {
      if (record.locks == 0) continue;
      report.fail(
          "a semantic lock is left", {NodeId{n}},
          fmt::format("{} has item {} of '{}' locked for saga {}, which has ended",
                      to_text(NodeId{n}), key.second, any->workflow().participants()[key.first],
                      brief_text(record.holder)));
    }
  }
}

void Isolation::after(const Servers<Server>&, NodeId n, const Server& s, Report& report) {
  seen_[n] = bad(s);
  const Anomalies& found = s.anomalies();
  const std::string counts = fmt::format(
      "{} has seen {} lost updates, {} dirty reads and {} fuzzy reads, {} of them where "
      "a semantic lock was held",
      to_text(n), found.lost_updates, found.dirty_reads, found.fuzzy_reads, found.under_lock);
  report.fail(
      found.under_lock > 0 ? "a semantic lock kept nobody away" : "a commutative update was lost",
      {n}, counts);
}

}  // namespace seedbed::saga
