#include "tools/cli/result_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/chaos/plan.h"

namespace seedbed::cli {

namespace {

using Json = nlohmann::ordered_json;

double seconds(Time t) { return static_cast<double>(t.count()) / 1e9; }
double milliseconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }

Json names(const std::vector<NodeId>& nodes, std::uint32_t servers) {
  Json list = Json::array();
  for (const NodeId n : nodes) list.push_back(node_name(n, servers));
  return list;
}

Json violation_json(const Violation& v, std::uint32_t servers) {
  return {{"at_s", seconds(v.at)},
          {"event", v.event},
          {"nodes", names(v.nodes, servers)},
          {"message", v.message},
          {"fingerprint", fmt::format("{:016x}", v.fingerprint())}};
}

Json fault_json(const FaultRecord& fault, std::uint32_t servers) {
  Json json{{"at_s", seconds(fault.at)},
            {"until_s", fault.until ? Json(seconds(*fault.until)) : Json(nullptr)},
            {"kind", fault.name},
            {"on", names(fault.on, servers)}};
  if (!fault.detail.empty()) json["detail"] = fault.detail;
  return json;
}

Json check_json(const CheckResult& check, std::uint32_t servers) {
  Json json{{"name", check.name}, {"kind", check.kind}, {"verdict", name_of(check.verdict)}};
  if (!check.note.empty()) json["note"] = check.note;
  json["violations"] = Json::array();
  for (const Violation& v : check.violations) {
    json["violations"].push_back(violation_json(v, servers));
  }
  return json;
}

Json latency_json(const std::optional<LatencyFigures>& latency) {
  if (!latency) return nullptr;
  return {{"p50", milliseconds(latency->p50)},
          {"p90", milliseconds(latency->p90)},
          {"p99", milliseconds(latency->p99)},
          {"p999", milliseconds(latency->p999)},
          {"max", milliseconds(latency->max)}};
}

Json found(const Measured& measured) {
  const auto value = measured.value.value_or(0);
  switch (measured.kind) {
    case MeasureKind::kTime: return {{"ms", milliseconds(Duration(value))}};
    case MeasureKind::kYesOrNo: return {{"yes", value != 0}};
    case MeasureKind::kNumber: return {{"number", static_cast<double>(value) / 1e9}};
  }
  return {};
}

Json measured_json(const std::vector<Measured>& measured) {
  Json list = Json::array();
  for (const Measured& m : measured) {
    Json json = found(m);
    if (!m.value) json.begin().value() = nullptr;
    Json named{{"name", m.name}};
    named.update(json);
    list.push_back(std::move(named));
  }
  return list;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

std::string result_json(const Run& run, const Result& r, const RunCosts& costs,
                        const std::vector<std::string>& drawn) {
  const std::uint32_t servers = run.scenario().servers();
  Json json{{"scenario", r.scenario},
            {"protocol", r.protocol},
            {"variant", text_or_null(r.variant)},
            {"seed", r.seed},
            {"mutant", text_or_null(r.mutant)},
            {"verdict", name_of(r.verdict)},
            {"as_expected", r.as_expected},
            {"digest", fmt::format("{:016x}", r.digest)},
            {"simulated_s", seconds(r.simulated)},
            {"wall_s", costs.wall_s},
            {"check_wall_s", costs.check_wall_s},
            {"memory_bytes", costs.memory_bytes},
            {"memory_bytes_per_node", costs.bytes_a_node(run.world())},
            {"events", r.events},
            {"messages",
             {{"sent", r.messages.sent},
              {"delivered", r.messages.delivered},
              {"lost", r.messages.lost},
              {"duplicated", r.messages.duplicated},
              {"cut", r.messages.cut},
              {"bytes", r.messages.bytes}}},
            {"operations", {{"ok", r.ok}, {"fail", r.fail}, {"info", r.info}}},
            {"throughput_per_s", static_cast<double>(r.throughput_millihertz) / 1e3},
            {"latency_ms", latency_json(r.latency)}};
  json["faults"] = Json::array();
  for (const FaultRecord& fault : r.faults) json["faults"].push_back(fault_json(fault, servers));
  json["checks"] = Json::array();
  for (const CheckResult& check : r.checks) json["checks"].push_back(check_json(check, servers));
  json["metrics"] = Json::object();
  for (const auto& [name, value] : r.metrics) json["metrics"][name] = value;
  if (!drawn.empty()) json["settings"] = drawn;
  json["fault_points"] = Json::array();
  for (const FaultPointCount& point : r.fault_points) {
    json["fault_points"].push_back({{"name", point.name},
                                    {"active", point.active},
                                    {"reached", point.reached},
                                    {"taken", point.taken}});
  }
  json["measured"] = measured_json(r.measured);
  return json.dump(2);
}

}  // namespace seedbed::cli
