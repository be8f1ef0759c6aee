#include "sim/explore/run_row.h"

#include <array>
#include <cstring>

#include "sim/check/verdict.h"

namespace seedbed {

namespace {

constexpr std::array<std::string_view, 6> kEndings = {"pass",  "fail",    "unknown",
                                                      "crash", "timeout", "memory"};
constexpr std::size_t kMostText = 16 << 10;

Ending ending_of(Verdict verdict) {
  if (verdict == Verdict::kFail) return Ending::kFail;
  return verdict == Verdict::kPass ? Ending::kPass : Ending::kUnknown;
}

/// What goes over the pipe ahead of the texts.
struct Fixed {
  std::uint64_t seed, digest, fingerprint, events, ok, fail, info, wall_us;
  std::int64_t simulated_ns;
  std::uint32_t scenario, check, message, settings;  // the last three: bytes of text
  std::uint8_t ending, has_digest, has_fingerprint, padding[5];
};

std::string_view shortened(const std::string& text) {
  return std::string_view(text).substr(0, kMostText);
}

std::uint32_t length_of(const std::string& text) {
  return static_cast<std::uint32_t>(shortened(text).size());
}

}  // namespace

std::string_view name_of(Ending ending) { return kEndings[static_cast<std::size_t>(ending)]; }

std::optional<Ending> ending_named(std::string_view name) {
  for (std::size_t i = 0; i < kEndings.size(); ++i) {
    if (kEndings[i] == name) return static_cast<Ending>(i);
  }
  return std::nullopt;
}

RunRow row_of(Job job, const Result& result) {
  RunRow row;
  row.job = job;
  row.ending = ending_of(result.verdict);
  row.digest = result.digest;
  row.events = result.events;
  row.simulated_ns = (result.simulated - Time{}).count();
  row.ok = result.ok;
  row.fail = result.fail;
  row.info = result.info;
  if (result.first_violation) {
    row.fingerprint = result.first_violation->fingerprint();
    row.check = result.first_violation->check;
    row.message = result.first_violation->message;
  } else if (result.verdict == Verdict::kUnknown) {
    for (const CheckResult& check : result.checks) {
      if (check.verdict != Verdict::kUnknown) continue;
      row.check = check.name;
      row.message = check.note;
      break;
    }
  }
  return row;
}

RunRow row_without_end(Job job, Ending ending, std::string_view shape, std::string message) {
  RunRow row;
  row.job = job;
  row.ending = ending;
  row.check = name_of(ending);
  row.fingerprint = Violation{row.check, {}, 0, {}, "", std::string(shape)}.fingerprint();
  row.message = std::move(message);
  return row;
}

std::string encode(const RunRow& row) {
  Fixed fixed{};
  fixed.seed = row.job.seed;
  fixed.scenario = row.job.scenario;
  fixed.ending = static_cast<std::uint8_t>(row.ending);
  fixed.has_digest = row.digest.has_value();
  fixed.digest = row.digest.value_or(0);
  fixed.has_fingerprint = row.fingerprint.has_value();
  fixed.fingerprint = row.fingerprint.value_or(0);
  fixed.check = length_of(row.check);
  fixed.message = length_of(row.message);
  fixed.settings = length_of(row.settings);
  fixed.events = row.events;
  fixed.simulated_ns = row.simulated_ns;
  fixed.ok = row.ok;
  fixed.fail = row.fail;
  fixed.info = row.info;
  fixed.wall_us = row.wall_us;
  std::string bytes(sizeof fixed, '\0');
  std::memcpy(bytes.data(), &fixed, sizeof fixed);
  bytes += shortened(row.check);
  bytes += shortened(row.message);
  bytes += shortened(row.settings);
  return bytes;
}

std::optional<RunRow> decode(std::string_view bytes) {
  Fixed fixed{};
  if (bytes.size() < sizeof fixed) return std::nullopt;
  std::memcpy(&fixed, bytes.data(), sizeof fixed);
  bytes.remove_prefix(sizeof fixed);
  const std::uint64_t texts = std::uint64_t{fixed.check} + fixed.message + fixed.settings;
  if (texts != bytes.size() || fixed.ending >= kEndings.size()) return std::nullopt;
  RunRow row;
  row.job = {fixed.seed, fixed.scenario};
  row.ending = static_cast<Ending>(fixed.ending);
  if (fixed.has_digest != 0) row.digest = fixed.digest;
  if (fixed.has_fingerprint != 0) row.fingerprint = fixed.fingerprint;
  row.check = bytes.substr(0, fixed.check);
  row.message = bytes.substr(fixed.check, fixed.message);
  row.settings = bytes.substr(fixed.check + fixed.message);
  row.events = fixed.events;
  row.simulated_ns = fixed.simulated_ns;
  row.ok = fixed.ok;
  row.fail = fixed.fail;
  row.info = fixed.info;
  row.wall_us = fixed.wall_us;
  return row;
}

}  // namespace seedbed
