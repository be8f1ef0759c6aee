// seedbed explain NAME: one protocol, mutant, fault, check, workload or key of scenarios; or the
// network of a scenario.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/text.h"
#include "sim/chaos/fault.h"
#include "sim/check/check_report.h"
#include "sim/scenario/formula_text.h"
#include "sim/scenario/workload_fields.h"
#include "tools/cli/catalogue.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

std::string heading(std::string_view text) {
  return fmt::format("\n{}\n", styled(Style::kBold, text));
}

std::string bounds_of(const Parameter& p) {
  if (p.kind == ValueKind::kBoolean) return "";
  const ValueKind one = p.kind == ValueKind::kDurationRange ? ValueKind::kDuration : p.kind;
  return fmt::format(", {} to {}", to_text(one, {p.bounds.lo, 0}), to_text(one, {p.bounds.hi, 0}));
}

/// "bank, txn": what a protocol can be asked for.
std::string workloads_of(const Protocol& p) {
  std::vector<std::string_view> names;
  for (const Workload* w : all_workloads()) {
    if (w->service == p.workload) names.push_back(w->name);
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::string explain_protocol(const Protocol& p) {
  std::string text = fmt::format("{}: {}\n{}\n\nWorkload: {}. At least {} node{}.\n",
                                 styled(Style::kBold, p.title), p.about, p.paper, workloads_of(p),
                                 p.min_nodes, p.min_nodes == 1 ? "" : "s");
  text += heading("parameters (with:)");
  for (const Parameter& parameter : p.parameters) {
    text += fmt::format("  {}: {}\n      {} ({}{})\n", parameter.name,
                        to_text(parameter.kind, parameter.initial), parameter.about,
                        name_of(parameter.kind), bounds_of(parameter));
  }
  if (!p.variants.empty()) text += heading("variants (variant:)");
  for (const VariantInfo& v : p.variants) text += fmt::format("  {}: {}\n", v.name, v.about);
  text += heading("roles (selectors for chaos)");
  for (const RoleInfo& r : p.roles) {
    text += fmt::format("  {}{}{}", r.name, r.plural.empty() ? "" : ", ", r.plural);
    text += r.also.empty() ? "\n" : fmt::format(" (also: {}, {})\n", r.also, r.also_plural);
  }
  text += heading("invariants (checked after every event)");
  for (const InvariantInfo& i : p.invariants) {
    text += fmt::format("  {}: {} ({})\n", i.name, i.about, i.source);
  }
  text += heading("fields (for temporal properties: explain always)");
  for (const PropertyWords::Field& field : words_of_properties(p).fields) {
    constexpr std::string_view kKinds[] = {"may be none", "a number", "a word"};
    text += fmt::format("  {}: {}\n", field.name, kKinds[static_cast<std::size_t>(field.kind)]);
  }
  text += heading("mutants (--mutant)");
  for (const MutantInfo& m : p.mutants) {
    text += fmt::format("  {}: {}; dies by {}\n", m.name, m.about, m.dies_by);
  }
  if (!p.actions.empty()) text += heading("actions (what it adds to the faults of chaos)");
  for (const ProtocolAction& a : p.actions) text += fmt::format("  {}: {}\n", a.name, a.about);
  text += heading("metrics");
  for (const MetricInfo& m : p.metrics) text += fmt::format("  {}: {}\n", m.name, m.about);
  if (!p.fault_points.empty()) text += heading("fault points (fault_points:)");
  for (const FaultPointInfo& f : p.fault_points) text += fmt::format("  {}: {}\n", f.name, f.about);
  if (!p.measures.empty()) text += heading("measures (published:, for bench)");
  for (const MeasureInfo& m : p.measures) {
    text += fmt::format("  {}: {} ({})\n", m.name, m.about, m.source);
  }
  return text;
}

std::string explain_fault(const FaultInfo& f) {
  std::string text = fmt::format("{}: {}\n", styled(Style::kBold, f.name), f.about);
  if (!f.source.empty()) text += fmt::format("{}\n", f.source);
  text += heading("keys");
  for (const FaultField& field : f.fields) {
    text +=
        fmt::format("  {}{}: {}\n", field.name, field.required ? "" : " (optional)", field.about);
  }
  return text;
}

std::string explain_action(const Protocol& p, const ProtocolAction& a) {
  std::string text = fmt::format("{}: {}\nAn action of {}, asked of it by chaos{}.\n",
                                 styled(Style::kBold, a.name), a.about, p.name,
                                 a.source.empty() ? "" : fmt::format(" ({})", a.source));
  return text + heading("keys") + fmt::format("  {}: {}\n", a.name, a.who);
}

std::string explain_history_check(const HistoryCheck& c) {
  std::string text = fmt::format(
      "{}: {}\n{}\nA check of recorded histories: seedbed check FILE "
      "--model {}\n",
      styled(Style::kBold, c.name), c.about, c.source, c.name);
  if (!c.levels.empty()) {
    text += heading("levels (--level)") + fmt::format("  {}\n", fmt::join(c.levels, ", "));
  }
  return text + heading("formats (--format)") + fmt::format("  {}\n", fmt::join(c.formats, ", "));
}

std::string explain_workload(const Workload& w) {
  std::string text = fmt::format("{}: {}\n", styled(Style::kBold, w.name), w.about);
  text += heading("parameters (workload:)");
  for (const FieldShape& key : keys_of(w)) text += fmt::format("  {}: {}\n", key.name, key.about);
  if (!w.checks.empty()) text += heading("checks (of the whole history, at the end)");
  for (const WorkloadCheck& c : w.checks) text += fmt::format("  {}: {}\n", c.name, c.about);
  text += heading("protocols that serve it");
  for (const Protocol* p : all_protocols()) {
    if (p->workload == w.service) text += fmt::format("  {}: {}\n", p->name, p->title);
  }
  return text;
}

std::string explain_workload_check(const Workload& w, const WorkloadCheck& c) {
  return fmt::format("{}: {}\n{}\nA check of the workload {}.\n", styled(Style::kBold, c.name),
                     c.about, c.source, w.name);
}

/// Empty where nothing has this name. A name may mean several things: all are explained.
std::string explanation_of(std::string_view name) {
  std::string text;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "\n") + more; };
  bool is_fault = false;
  for (const FaultInfo* f : all_faults()) {
    if (f->name != name) continue;
    is_fault = true;
    add(explain_fault(*f));
  }
  for (const CheckInfo& c : general_checks()) {
    if (c.name != name) continue;
    add(fmt::format("{}: {}\n{}{}", styled(Style::kBold, c.name), c.about, c.source,
                    c.source.empty() ? "" : "\n"));
  }
  if (const HistoryCheck* c = find_history_check(name)) add(explain_history_check(*c));
  for (const Workload* w : all_workloads()) {
    if (w->name == name) add(explain_workload(*w));
    for (const WorkloadCheck& c : w->checks) {
      if (c.name == name) add(explain_workload_check(*w, c));
    }
  }
  for (const Protocol* p : all_protocols()) {
    if (p->name == name) add(explain_protocol(*p));
    for (const InvariantInfo& i : p->invariants) {
      if (i.name != name) continue;
      add(fmt::format("{}: {}\nAn invariant of {}, checked after every event ({}).\n",
                      styled(Style::kBold, i.name), i.about, p->name, i.source));
    }
    for (const ProtocolAction& a : p->actions) {
      if (a.name == name) add(explain_action(*p, a));
    }
    for (const MeasureInfo& m : p->measures) {
      if (m.name != name) continue;
      add(fmt::format("{}: {}\nA measure of {}, {} ({}).\n", styled(Style::kBold, m.name), m.about,
                      p->name, noun_of(m.kind), m.source));
    }
    for (const MutantInfo& m : p->mutants) {
      if (m.name != name) continue;
      add(fmt::format("{}: {}\nA mutant of {}; dies by {}.\n", styled(Style::kBold, m.name),
                      m.about, p->name, m.dies_by));
    }
  }
  const std::string keys = is_fault ? "" : explain_key(name);  // a fault has told its own
  if (!keys.empty()) add(keys);
  return text;
}

}  // namespace

int explain(const ExplainOptions& options) {
  for (const std::string& plugin : options.plugins) load_plugin(plugin);
  const std::string& name = options.name;
  if (name.ends_with(".yaml") || name.ends_with(".yml")) {
    fmt::print("{}", explain_network(*load({name, {}, {}, "", {}})));
    return kAsExpected;
  }
  std::string text = explanation_of(name);
  for (const auto& [command, about] : options.commands) {
    if (command != name) continue;
    text += fmt::format("{}{}: {}\nA command: tools/seedbed {} --help\n", text.empty() ? "" : "\n",
                        styled(Style::kBold, command), about, command);
  }
  if (!text.empty()) {
    fmt::print("{}", text);
    return kAsExpected;
  }
  std::vector<std::string> names;
  for (const char* what : {"protocols", "mutants", "faults", "checks", "workloads"}) {
    for (const NamedThing& t : catalogue(what)) names.push_back(t.name);
  }
  for (std::string& key : scenario_keys()) names.push_back(std::move(key));
  for (const auto& [command, about] : options.commands) names.push_back(command);
  const std::string_view near = nearest(name, {names.begin(), names.end()});
  throw BadInput(fmt::format(
      "explain: nothing is called '{}'; {}", name,
      near.empty() ? "seedbed list shows the names" : fmt::format("did you mean '{}'?", near)));
}

}  // namespace seedbed::cli
