#include "tools/cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/base/text.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

constexpr double kLeft = 70, kWidth = 900, kLane = 22, kMostLanes = 64, kChart = 90;

constexpr std::string_view kStyle = R"(<style>
body{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;
max-width:1000px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:1.6rem 0 .4rem}
.about{color:#57606a;margin:.2rem 0 1rem}
code{background:#f3f4f6;padding:.1em .3em;border-radius:3px}
.pass{color:#1a7f37}.fail{color:#cf222e}.unknown{color:#9a6700}.verdict{font-weight:700}
table{border-collapse:collapse}
td,th{padding:.15rem .9rem .15rem 0;text-align:left;vertical-align:top}
th{font-weight:600;color:#57606a}
svg{width:100%;height:auto}
text{font:11px system-ui,sans-serif;fill:#57606a}
.message{color:#57606a}
</style>)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

constexpr std::string_view kDown = "#24292f";

/// The first role stands out; the second is what a server is most of the time.
std::string_view colour_of(const Protocol& protocol, std::string_view role) {
  constexpr std::string_view kColours[] = {"#0969da", "#ddf4ff", "#d4a72c", "#8250df", "#bf3989"};
  if (role == "down") return kDown;
  for (std::size_t i = 0; i < protocol.roles.size(); ++i) {
    if (protocol.roles[i].name == role) return kColours[std::min<std::size_t>(i, 4)];
  }
  return "#eaeef2";
}

/// The picture of a run: one lane a server, time from left to right.
class Picture {
 public:
  Picture(const Run& run, const Result& result) : run_(run), result_(result) {
    lanes_ = std::min<double>(run.scenario().servers(), kMostLanes);
    span_ = std::max<double>(static_cast<double>(run.world().now().count()), 1);
  }

  std::string draw() {
    const double height = lanes_ * kLane + kChart + 60;
    emit(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="timeline">)", kLeft + kWidth + 10,
         height);
    draw_roles();
    draw_faults();
    draw_operations();
    draw_axis();
    draw_violations();
    return svg_ + "</svg>\n";
  }

 private:
  template <class... Args>
  void emit(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(svg_), format, std::forward<Args>(args)...);
    svg_ += '\n';
  }
  double x(Time t) const { return kLeft + kWidth * static_cast<double>(t.count()) / span_; }
  double lane(NodeId n) const { return 10 + (n.value - 1) * kLane; }
  bool shown(NodeId n) const { return n && n.value <= lanes_; }

  void bar(NodeId n, Time from, Time to, std::string_view colour, std::string_view title) {
    emit(R"(<rect x="{:.2f}" y="{}" width="{:.2f}" height="{}" fill="{}"><title>{}</title></rect>)",
         x(from), lane(n) + 3, std::max(x(to) - x(from), 1.0), kLane - 6, colour, escaped(title));
  }

  void draw_roles() {
    struct Since {
      Time at;
      std::string_view role;
      std::uint64_t epoch = 0;
    };
    std::vector<Since> since(static_cast<std::size_t>(lanes_) + 1);
    const auto close = [&](NodeId n, Time until) {
      const Since& s = since[n.value];
      bar(n, s.at, until, colour_of(*run_.scenario().protocol, s.role),
          fmt::format("{} {} {} from {} to {}", to_text(n), s.role.empty() ? "up" : s.role,
                      s.epoch > 0 ? fmt::format("of term {}", s.epoch) : "", to_text(s.at),
                      to_text(until)));
    };
    const auto& changes = run_.world().role_changes();
    for (std::uint64_t i = changes.first_index(); i <= changes.last_index(); ++i) {
      const RoleChange& change = changes[i];
      if (!shown(change.node)) continue;
      close(change.node, change.at);
      since[change.node.value] = {change.at, change.role, change.epoch};
    }
    for (std::uint32_t n = 1; n <= lanes_; ++n) {
      close({n}, run_.world().now());
      emit(R"(<text x="{}" y="{}" text-anchor="end">n{}</text>)", kLeft - 8, lane({n}) + 15, n);
    }
  }

  void draw_faults() {
    for (const FaultRecord& fault : result_.faults) {
      const Time until = std::min(fault.until.value_or(fault.at), run_.world().now());
      for (const NodeId n : fault.on) {
        if (!shown(n)) continue;
        emit(R"(<rect x="{:.2f}" y="{}" width="{:.2f}" height="4" fill="#cf222e" opacity="0.8">)"
             R"(<title>{} {} from {} to {}</title></rect>)",
             x(fault.at), lane(n) + kLane - 5, std::max(x(until) - x(fault.at), 1.5), fault.name,
             escaped(fault.detail), to_text(fault.at), to_text(until));
      }
    }
  }

  /// Acknowledged operations, in a hundred slices of time.
  void draw_operations() {
    constexpr std::size_t kSlices = 100;
    std::vector<std::uint64_t> acknowledged(kSlices, 0);
    for (const Operation& op : run_.world().history().operations()) {
      if (op.completion != Completion::kOk) continue;
      const double part = static_cast<double>(op.returned_at.count()) / span_;
      ++acknowledged[std::min(static_cast<std::size_t>(part * kSlices), kSlices - 1)];
    }
    const std::uint64_t most =
        std::max<std::uint64_t>(*std::max_element(acknowledged.begin(), acknowledged.end()), 1);
    const double base = lanes_ * kLane + 25 + kChart;
    for (std::size_t i = 0; i < kSlices; ++i) {
      const double height =
          (kChart - 10) * static_cast<double>(acknowledged[i]) / static_cast<double>(most);
      emit(R"(<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="#2da44e">)"
           R"(<title>{} acknowledged</title></rect>)",
           kLeft + static_cast<double>(i) * kWidth / kSlices, base - height, kWidth / kSlices - 1,
           height, acknowledged[i]);
    }
    emit(R"(<text x="{}" y="{}" text-anchor="end">ok/s</text>)", kLeft - 8, base - kChart / 2);
  }

  void draw_axis() {
    const double base = lanes_ * kLane + 25 + kChart;
    emit(R"(<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="#d0d7de"/>)", kLeft, kLeft + kWidth,
         base);
    for (int i = 0; i <= 10; ++i) {
      const Time at{static_cast<std::int64_t>(span_ / 10 * i)};
      emit(R"(<text x="{:.2f}" y="{}" text-anchor="middle">{}</text>)", x(at), base + 16,
           brief(at - Time{}));
    }
  }

  void draw_violations() {
    for (const Violation& v : run_.violations()) {
      emit(R"(<line x1="{0:.2f}" x2="{0:.2f}" y1="5" y2="{1}" stroke="#cf222e" stroke-width="2">)"
           R"(<title>{2}: {3}</title></line>)",
           x(v.at), lanes_ * kLane + 25 + kChart, v.check, escaped(v.message));
    }
  }

  const Run& run_;
  const Result& result_;
  double lanes_;
  double span_;
  std::string svg_;
};

std::string checks_table(const Result& result) {
  std::string html = "<h2>Checks</h2>\n<table>\n";
  for (const CheckResult& check : result.checks) {
    html += fmt::format("<tr><td class=\"{0} verdict\">{0}</td><td>{1}</td><td class=message>",
                        name_of(check.verdict), check.name);
    html += escaped(check.note);
    for (const Violation& v : check.violations) {
      html += fmt::format("at {}, event {}: {}<br>", to_text(v.at), grouped(v.event),
                          escaped(v.message));
    }
    html += "</td></tr>\n";
  }
  return html + "</table>\n";
}

std::string figures_table(const Result& r) {
  std::string html = "<h2>Figures</h2>\n<table>\n";
  const auto row = [&](std::string_view name, const std::string& value) {
    html += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", name, value);
  };
  row("operations",
      fmt::format("{} ok, {} failed, {} unknown", grouped(r.ok), grouped(r.fail), grouped(r.info)));
  if (r.latency) {
    row("latency", fmt::format("p50 {}, p90 {}, p99 {}, p99.9 {}, max {}", brief(r.latency->p50),
                               brief(r.latency->p90), brief(r.latency->p99), brief(r.latency->p999),
                               brief(r.latency->max)));
  }
  row("messages",
      fmt::format("{} sent, {} delivered, {} lost, {} cut, {} duplicated", grouped(r.messages.sent),
                  grouped(r.messages.delivered), grouped(r.messages.lost), grouped(r.messages.cut),
                  grouped(r.messages.duplicated)));
  for (const auto& [name, value] : r.metrics) row(name, grouped(value));
  for (const FaultPointCount& point : r.fault_points) {
    row("fault point", fmt::format("{}: taken {} of {} times", point.name, grouped(point.taken),
                                   grouped(point.reached)));
  }
  row("events", grouped(r.events));
  row("digest", fmt::format("<code>{:016x}</code>", r.digest));
  return html + "</table>\n";
}

}  // namespace

std::string html_report(const Run& run, const Result& result, std::string_view command) {
  const Scenario& scenario = run.scenario();
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=en><meta charset=utf-8>\n"
      "<meta name=viewport content=\"width=device-width\">\n<title>{} seed {}</title>\n{}\n",
      escaped(scenario.name), result.seed, kStyle);
  html += fmt::format("<h1>{}, seed {}: <span class={}>{}</span></h1>\n", escaped(scenario.name),
                      result.seed, name_of(result.verdict), name_of(result.verdict));
  html += fmt::format("<p class=about>{}<br>{}{}, {} nodes. <code>{}</code></p>\n",
                      escaped(scenario.about), result.protocol,
                      result.mutant.empty() ? "" : ", mutant " + result.mutant, scenario.nodes,
                      escaped(command));
  html += Picture(run, result).draw();
  html += "<p class=about>Each lane is a server:";
  const auto key = [&](std::string_view colour, std::string_view what) {
    html += fmt::format(" <span style=\"color:{}\">&#9632;</span> {}", colour, what);
  };
  for (const RoleInfo& role : scenario.protocol->roles) {
    key(colour_of(*scenario.protocol, role.name), role.name);
  }
  key(kDown, "down");
  key("#cf222e", "a fault (below) or a violation (across)");
  key("#2da44e", "operations acknowledged. Hover for details.</p>\n");
  return html + checks_table(result) + figures_table(result) + "</html>\n";
}

}  // namespace seedbed::cli
