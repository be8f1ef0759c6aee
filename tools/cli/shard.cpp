#include "tools/cli/shard.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "tools/cli/command.h"

namespace seedbed::cli {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

/// A variable of the environment, which is a number if it is there.
std::optional<std::uint64_t> variable(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  const auto n = number(text);
  if (!n) throw BadInput(fmt::format("{} is '{}', which is no number", name, text));
  return n;
}

Shard checked(std::uint64_t index, std::uint64_t count, std::string_view from) {
  if (index < 1 || index > count) {
    throw BadInput(
        fmt::format("{}: there is no shard {} of {}; they count from 1", from, index, count));
  }
  return {index, count};
}

/// A job array's tasks may begin anywhere and go in steps.
std::optional<ShardChoice> slurm_shard(std::uint64_t shards) {
  constexpr const char* kTask = "SLURM_ARRAY_TASK_ID";
  const auto task = variable(kTask);
  const auto count = shards != 0 ? shards : variable("SLURM_ARRAY_TASK_COUNT");
  if (!task || !count) return std::nullopt;
  const std::uint64_t first = variable("SLURM_ARRAY_TASK_MIN").value_or(1);
  const std::uint64_t step = variable("SLURM_ARRAY_TASK_STEP").value_or(1);
  const bool sound = *task >= first && step > 0 && (*task - first) % step == 0;
  if (!sound) throw BadInput(fmt::format("{}: {} is no task of this array", kTask, *task));
  return ShardChoice{checked((*task - first) / step + 1, *count, kTask), kTask};
}

std::optional<ShardChoice> kubernetes_shard(std::uint64_t shards) {
  constexpr const char* kIndex = "JOB_COMPLETION_INDEX";
  const auto index = variable(kIndex);  // from 0
  if (!index) return std::nullopt;
  if (shards == 0) {
    throw BadInput(
        fmt::format("{} says which shard this is, but not of how many: --shards N, the "
                    "job's `completions`; or --shard 1/1 for the whole",
                    kIndex));
  }
  return ShardChoice{checked(*index + 1, shards, kIndex), kIndex};
}

}  // namespace

ShardChoice shard_of(const std::string& text, std::uint64_t shards) {
  if (!text.empty() && text != "auto") {
    const std::size_t slash = text.find('/');
    const auto index = number(std::string_view(text).substr(0, slash));
    const auto count = slash == std::string::npos
                           ? (shards != 0 ? std::optional(shards) : std::nullopt)
                           : number(std::string_view(text).substr(slash + 1));
    if (!index || !count) {
      throw BadInput(fmt::format("--shard: '{}' is no shard, such as 2/8, or auto", text));
    }
    return {checked(*index, *count, "--shard"), ""};
  }
  if (const auto slurm = slurm_shard(shards)) return *slurm;
  if (const auto kubernetes = kubernetes_shard(shards)) return *kubernetes;
  if (text.empty() && shards == 0) return {};
  throw BadInput("--shard: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX says which one");
}

}  // namespace seedbed::cli
