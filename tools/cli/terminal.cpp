#include "tools/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "sim/base/text.h"

namespace seedbed::cli {

std::string styled(Style style, std::string_view text) {
  static const bool colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  constexpr std::string_view kCodes[] = {"", "1", "2", "31", "32", "33", "36"};
  const std::string_view code = kCodes[static_cast<std::size_t>(style)];
  if (!colour || code.empty()) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

std::string styled(Verdict verdict, std::string_view text) {
  const Style style = verdict == Verdict::kPass   ? Style::kGreen
                      : verdict == Verdict::kFail ? Style::kRed
                                                  : Style::kYellow;
  return styled(style, text);
}

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string brief(Duration d) {
  if (d.count() == 0) return "0s";
  const double ns = static_cast<double>(d.count());
  const auto digits = [](double value, std::string_view unit) {
    const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    std::string text = fmt::format("{:.{}f}", value, decimals);
    if (decimals > 0) text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + std::string(unit);
  };
  if (ns >= 1e9) return digits(ns / 1e9, "s");
  return ns >= 1e6 ? digits(ns / 1e6, "ms") : digits(ns / 1e3, "us");
}

namespace {

constexpr std::uint64_t kWorthSaying = 16 << 20;  // bytes: what a run of a few nodes stays below

struct Moment {
  Time at;
  std::string text;
};

std::string join_names(const std::vector<NodeId>& nodes, std::uint32_t servers) {
  if (nodes.empty()) return "nobody";
  std::vector<std::string> names;
  for (const NodeId n : nodes) names.push_back(node_name(n, servers));
  return fmt::format("{}", fmt::join(names, " "));
}

void add_faults(const Result& result, std::uint32_t servers, std::vector<Moment>& moments) {
  for (const FaultRecord& fault : result.faults) {
    std::string text = fmt::format("{:<10} ", fault.name);
    text += fault.info == &faults::kPartition ? fault.detail : join_names(fault.on, servers);
    if (fault.info != &faults::kPartition && !fault.detail.empty()) text += "  " + fault.detail;
    if (fault.on.empty()) {
      text = styled(Style::kDim, text + "  (skipped)");
    } else {
      if (fault.until) text += fmt::format("  for {}", brief(*fault.until - fault.at));
      text = styled(Style::kYellow, text);
    }
    moments.push_back({fault.at, text});
  }
}

/// Who takes the protocol's first role: a leader, a coordinator.
void add_roles(const Run& run, std::vector<Moment>& moments) {
  const auto roles = run.scenario().protocol->roles;
  const auto& changes = run.world().role_changes();
  if (roles.empty()) return;
  for (std::uint64_t i = changes.first_index(); i <= changes.last_index(); ++i) {
    const RoleChange& change = changes[i];
    if (change.role != roles.front().name) continue;
    moments.push_back(
        {change.at, styled(Style::kCyan, fmt::format("{} {}, term {}", node_name(change.node, ~0U),
                                                     change.role, change.epoch))});
  }
}

void add_violations(const Run& run, const Result& result, std::vector<Moment>& moments) {
  for (const CheckResult& check : result.checks) {
    for (const Violation& v : check.violations) {
      moments.push_back({v.at, styled(Style::kRed, fmt::format("{} violated", v.check))});
    }
  }
  const Time healed = Time{} + run.scenario().duration;
  if (run.world().now() >= healed) {
    moments.push_back({healed, styled(Style::kDim, "everything heals; the workload stops")});
  }
}

std::string timeline(const Run& run, const Result& result) {
  constexpr std::size_t kHead = 40, kTail = 10;
  std::vector<Moment> moments;
  add_faults(result, run.scenario().servers(), moments);
  add_roles(run, moments);
  add_violations(run, result, moments);
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  std::string text;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (i == kHead && moments.size() > kHead + kTail + 1) {
      i = moments.size() - kTail;
      text += styled(Style::kDim,
                     fmt::format("            ... {} more; --json has them all\n", i - kHead));
    }
    text += fmt::format("{:>9.3f}s  {}\n", static_cast<double>(moments[i].at.count()) / 1e9,
                        moments[i].text);
  }
  return text;
}

std::string checks(const Run& run, const Result& result) {
  std::string text;
  for (const CheckResult& check : result.checks) {
    text +=
        fmt::format("  {}  {}", styled(check.verdict, fmt::format("{:<7}", name_of(check.verdict))),
                    check.name);
    if (!check.note.empty()) text += styled(Style::kDim, "  " + check.note);
    text += '\n';
    for (const Violation& v : check.violations) {
      text +=
          fmt::format("           at {}, event {}, on {}:\n           {}\n", to_text(v.at),
                      grouped(v.event), join_names(v.nodes, run.scenario().servers()), v.message);
    }
  }
  return text;
}

std::string figures(const Run& run, const Result& r, const RunCosts& costs) {
  std::string text = fmt::format(
      "  operations  {} ok, {} failed, {} unknown; {:.1f}/s acknowledged\n", grouped(r.ok),
      grouped(r.fail), grouped(r.info), static_cast<double>(r.throughput_millihertz) / 1e3);
  if (r.latency) {
    text += fmt::format("  latency     p50 {}, p90 {}, p99 {}, p99.9 {}, max {}\n",
                        brief(r.latency->p50), brief(r.latency->p90), brief(r.latency->p99),
                        brief(r.latency->p999), brief(r.latency->max));
  }
  text +=
      fmt::format("  messages    {} sent, {} delivered, {} lost, {} cut, {} duplicated\n",
                  grouped(r.messages.sent), grouped(r.messages.delivered), grouped(r.messages.lost),
                  grouped(r.messages.cut), grouped(r.messages.duplicated));
  for (const auto& [name, value] : r.metrics) {
    if (value == 0) continue;  // --json has all of them
    text += fmt::format("  {:<11} {}\n", name, grouped(value));
  }
  for (const FaultPointCount& point : r.fault_points) {
    if (point.reached == 0) continue;  // --json has all of them
    text +=
        fmt::format("  fault point {}: taken {} of {} times{}\n", point.name, grouped(point.taken),
                    grouped(point.reached), point.active ? "" : " (not active in this run)");
  }
  for (const Measured& m : r.measured) {
    text += fmt::format("  measured    {}: {}\n", m.name,
                        m.value ? to_text(Quantity{*m.value, m.kind}) : "nothing");
  }
  const double simulated = static_cast<double>(r.simulated.count()) / 1e9;
  text += fmt::format(
      "  time        {:.1f}s simulated in {:.2f}s ({} times real time), checked in "
      "{:.2f}s\n",
      simulated, costs.wall_s,
      grouped(static_cast<std::uint64_t>(simulated / std::max(costs.wall_s, 1e-6))),
      costs.check_wall_s);
  if (costs.memory_bytes >= kWorthSaying) {
    text += fmt::format("  memory      {:.1f} MiB, {} bytes a node\n",
                        static_cast<double>(costs.memory_bytes) / (1 << 20),
                        grouped(costs.bytes_a_node(run.world())));
  }
  text += fmt::format("  events      {}, digest {:016x}\n", grouped(r.events), r.digest);
  return text;
}

std::string headline(const Run& run, const Result& r) {
  const Scenario& s = run.scenario();
  std::string what =
      fmt::format("{}{}{}, {} nodes", r.protocol, r.variant.empty() ? "" : " " + r.variant,
                  r.mutant.empty() ? "" : ", mutant " + r.mutant, s.nodes);
  if (s.workload) what += fmt::format(", {} clients", s.workload->clients);
  return fmt::format("{}  {}  ({})\n", styled(Style::kBold, fmt::format("seed {}", r.seed)), s.name,
                     what);
}

}  // namespace

std::string render_summary(const Run& run, const Result& r) {
  std::string text = styled(r.verdict, r.verdict == Verdict::kPass   ? "PASS"
                                       : r.verdict == Verdict::kFail ? "FAIL"
                                                                     : "UNKNOWN");
  if (r.first_violation) {
    text += fmt::format("  {} at {}", r.first_violation->check, to_text(r.first_violation->at));
  }
  const std::string& wanted = run.scenario().expect_violates;
  if (!wanted.empty()) {
    text += r.as_expected ? ", as the scenario expects"
                          : fmt::format(", but the scenario expects a violation of {}", wanted);
  }
  return text;
}

std::string render(const Run& run, const Result& result, const RunCosts& costs,
                   std::string_view command) {
  std::string text = headline(run, result);
  if (!run.scenario().about.empty()) {
    text += styled(Style::kDim, run.scenario().about) + '\n';
  }
  text += '\n' + timeline(run, result);
  text += '\n' + checks(run, result);
  text += '\n' + figures(run, result, costs);
  text += '\n' + render_summary(run, result) + '\n';
  text += styled(Style::kDim, fmt::format("again: {}", command)) + '\n';
  return text;
}

}  // namespace seedbed::cli
