// tools/recipes as users run them: what the shards found, joined, is what one sweep finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command_line.h"
#include "tests/cli/sweep_rows.h"
#include "tests/recipes/free_ports.h"
#include "tests/support/temporary_folder.h"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string kManifest = "tools/recipes/kubernetes.yaml";

/// The first of some programs that is not installed, or "".
std::string missing(std::initializer_list<const char*> programs) {
  for (const char* program : programs) {
    if (shell(std::string("PATH=$PATH:/usr/sbin; command -v ") + program).code != 0) return program;
  }
  return "";
}

std::string whole_sweep(const TemporaryFolder& folder, const std::string& arguments) {
  const std::string file = folder / "whole.db";
  EXPECT_EQ(seedbed("sweep " + arguments + " --out '" + file + "'").code, 0);
  return rows_of(file);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

TEST(Recipes, GnuParallelRunsTheShardsAndJoinsThem) {
  if (!missing({"parallel"}).empty()) GTEST_SKIP() << "GNU parallel is not installed";
  TemporaryFolder folder;
  const std::string arguments = kTiny + "--seeds 1..20";
  const std::string recipe = "SEEDBED='" SEEDBED_BINARY "' tools/recipes/parallel.sh 3 '" +
                             (folder / "all.db") + "' " + arguments;
  const Outcome o = shell(recipe);
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("20 runs: 20 passed"));
  EXPECT_EQ(count_of(folder / "all.db.2"), 7);
  EXPECT_EQ(rows_of(folder / "all.db"), whole_sweep(folder, arguments));
  EXPECT_EQ(shell(recipe + " --sede 1").code, 4) << "no shard ran";
}

/// The manifest, or another text in its place, as JSON. `typed`: as Kubernetes' own types know it,
/// which drop every key that is none of theirs.
Json decoded(const std::string& file, bool typed) {
  const Outcome o = shell((typed ? "kubectl set image --local -o json sweep=another -f '"
                                 : "kubectl label --local -o json another=label -f '") +
                          file + "'");
  EXPECT_EQ(o.code, 0) << o.err;
  return Json::parse(o.out, nullptr, false);
}

/// The keys of a manifest that Kubernetes' types do not have, or have as something else.
std::vector<std::string> unknown_keys(const std::string& file) {
  const Json typed = decoded(file, true).flatten();
  std::vector<std::string> unknown;
  const Json raw = decoded(file, false).flatten();
  for (const auto& [path, value] : raw.items()) {
    if (path == "/metadata/labels/another" || path.ends_with("/image")) continue;
    if (!typed.contains(path) || typed[path] != value) unknown.push_back(path);
  }
  return unknown;
}

TEST(Recipes, KubernetesKnowsEveryKeyOfTheManifest) {
  if (!missing({"kubectl"}).empty()) GTEST_SKIP() << "kubectl is not installed";
  TemporaryFolder folder;
  EXPECT_THAT(unknown_keys(kManifest), ::testing::IsEmpty());
  std::string text = slurp(SEEDBED_SOURCE_DIR "/" + kManifest);
  replace(text, "completionMode:", "completionModes:");
  std::ofstream(folder / "misspelled.yaml") << text;
  EXPECT_THAT(unknown_keys(folder / "misspelled.yaml"),
              ::testing::ElementsAre("/spec/completionModes"));
}

/// What stands behind `key` in the manifest, to the end of the line.
std::string value_of(const std::string& manifest, const std::string& key) {
  const std::size_t at = manifest.find("  " + key + ": ");
  EXPECT_NE(at, std::string::npos) << key;
  const std::size_t begin = at + key.size() + 4;
  return manifest.substr(begin, manifest.find('\n', begin) - begin);
}

/// The script of the container: the block below `args`.
std::string script_of(const std::string& manifest) {
  const std::size_t begin = manifest.find("- |\n") + 4;
  return manifest.substr(begin, manifest.find("          resources:") - begin);
}

TEST(Recipes, KubernetesPodsAreTheShardsOfASweep) {
  TemporaryFolder folder;
  const std::string manifest = slurp(SEEDBED_SOURCE_DIR "/" + kManifest);
  EXPECT_EQ(value_of(manifest, "completionMode"), "Indexed");
  const std::string pods = value_of(manifest, "completions");
  std::string script = script_of(manifest);
  EXPECT_THAT(script, HasSubstr("--shards " + pods + " "));
  const std::string arguments = kTiny + "--seeds 1..100";
  replace(script, "tools/seedbed", "'" SEEDBED_BINARY "'");
  replace(script, "scenarios/raft/chaos.yaml --seeds 1..1000000 --swarm", arguments);
  replace(script, "/results/night", folder / "night");
  std::ofstream(folder / "pod.sh") << script;
  // Every pod, and one of them once more.
  const Outcome all =
      shell("for i in $(seq 0 $((" + pods + " - 1))) 7; do " + "JOB_COMPLETION_INDEX=$i sh '" +
            (folder / "pod.sh") + "' >/dev/null || exit; done");
  EXPECT_EQ(all.code, 0) << all.err;
  const Outcome o = seedbed("merge '" + (folder / "all.db") + "' " + (folder / "night.*.db"));
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(rows_of(folder / "all.db"), whole_sweep(folder, arguments));
}

/// Runs a command within a Slurm of its own.
Outcome in_slurm(const std::string& folder, const std::string& command) {
  const auto [control, node] = free_ports();
  std::filesystem::create_directory(folder);
  return shell("SEEDBED='" SEEDBED_BINARY "' timeout 600 tests/recipes/slurm_cluster.sh '" +
               folder + "' " + std::to_string(control) + " " + std::to_string(node) + " " +
               command);
}

std::string no_slurm() { return missing({"munged", "slurmctld", "slurmd", "sbatch"}); }

/// The tasks 5, 7 and 9 of an array.
std::string array(const TemporaryFolder& folder, const std::string& arguments) {
  return "sbatch --wait --array=5-9:2 --output='" + (folder / "task-%a.log") +
         "' tools/recipes/slurm.sh '" + (folder / "night") + "' " + arguments;
}

TEST(RecipesSlurm, TheTasksOfAJobArrayAreTheShardsOfASweep) {
  if (!no_slurm().empty()) GTEST_SKIP() << no_slurm() << " is not installed";
  TemporaryFolder folder;
  const std::string arguments = kTiny + "--seeds 1..100";
  const Outcome jobs = in_slurm(folder / "slurm", array(folder, arguments));
  ASSERT_EQ(jobs.code, 0) << jobs.err << slurp(folder / "task-7.log");
  EXPECT_THAT(slurp(folder / "task-7.log"), HasSubstr("shard 2/3, from SLURM_ARRAY_TASK_ID"));
  EXPECT_EQ(count_of(folder / "night.9.db"), 33);
  const Outcome o = seedbed("merge '" + (folder / "all.db") + "' " + (folder / "night.*.db"));
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(rows_of(folder / "all.db"), whole_sweep(folder, arguments));
}

TEST(RecipesSlurm, SeedsThatFailAreResultsAndAWrongOptionIsNone) {
  if (!no_slurm().empty()) GTEST_SKIP() << no_slurm() << " is not installed";
  TemporaryFolder folder;
  const std::string failing =
      "scenarios/raft/mutants/votes-twice.yaml --set expect=pass --seeds 1..6";
  const Outcome jobs = in_slurm(folder / "slurm", array(folder, failing));
  EXPECT_EQ(jobs.code, 0) << jobs.err;
  EXPECT_EQ(seedbed("merge '" + (folder / "all.db") + "' " + (folder / "night.*.db")).code, 1);
  EXPECT_EQ(count_of(folder / "all.db"), 6);
  EXPECT_EQ(in_slurm(folder / "other", array(folder, failing + " --sede 1")).code, 2);
}

}  // namespace
}  // namespace seedbed::testing
