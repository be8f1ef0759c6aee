// seedbed sweep SCENARIO...: many seeds over the processors, and what they found.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "sim/base/hash.h"
#include "sim/base/sanitizers.h"
#include "sim/explore/swarm.h"
#include "sim/run/run.h"
#include "sim/scenario/units.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupts.h"
#include "tools/cli/progress.h"
#include "tools/cli/shard.h"
#include "tools/cli/sweep_output.h"
#include "tools/cli/workers.h"

namespace seedbed::cli {

namespace {

constexpr std::uint64_t kRowsACommit = 256;
constexpr std::chrono::milliseconds kCommitAfter{500};

std::string join_lines(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

std::string join_lines(const std::vector<Setting>& settings) {
  std::vector<std::string> lines;
  for (const Setting& s : settings) lines.push_back(s.path + "=" + s.value);
  return join_lines(lines);
}

std::vector<ScenarioSource> read_sources(const SweepOptions& options) {
  std::vector<ScenarioSource> sources;
  for (const std::string& file : options.files) {
    if (std::count(options.files.begin(), options.files.end(), file) > 1) {
      throw BadInput(file + ": is given twice");
    }
    ScenarioOptions one = options.scenario;
    one.file = file;
    sources.emplace_back(std::move(one));
  }
  return sources;
}

/// The bytes of the program and of its plugins: results of another build are none of this one's.
std::uint64_t program_hash(const std::vector<std::string>& plugins) {
  std::uint64_t hash = 0;
  std::vector<std::string> files = {"/proc/self/exe"};
  files.insert(files.end(), plugins.begin(), plugins.end());
  for (const std::string& file : files) {
    std::stringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    hash = hash_of(hash, hash_text(text.view()));
  }
  return hash;
}

/// All scenarios of a sweep, loaded: what a worker runs.
class Loaded {
 public:
  explicit Loaded(const SweepOptions& options) : swarm_(options.swarm) {
    for (const std::string& plugin : options.scenario.plugins) load_plugin(plugin);
    std::string errors;
    for (ScenarioSource& source : sources_ = read_sources(options)) {
      try {
        scenarios_.push_back(source.read());
      } catch (const BadInput& e) {
        errors += (errors.empty() ? "" : "\n") + std::string(e.what());
      }
    }
    if (!errors.empty()) throw BadInput(errors);
  }

  std::vector<SweptScenario> described() const {
    std::map<std::string, int> names;
    for (const auto& scenario : scenarios_) ++names[scenario->name];
    std::vector<SweptScenario> all;
    for (std::size_t i = 0; i < scenarios_.size(); ++i) {
      const Scenario& s = *scenarios_[i];
      const ScenarioOptions& o = sources_[i].options();
      const std::string settings = join_lines(o.settings);
      const bool unique = names[s.name] == 1;
      all.push_back(
          {unique ? s.name : o.file, o.file, settings, o.mutant, s.expect_violates,
           hash_of(hash_text(sources_[i].text()), hash_text(settings), hash_text(s.mutant))});
    }
    return all;
  }

  RunRow run(Job job) const {
    std::shared_ptr<Scenario> scenario = scenarios_[job.scenario];
    std::vector<Setting> drawn;
    if (swarm_) {
      drawn = swarm_settings(*scenario, job.seed);
      scenario = sources_[job.scenario].read(drawn);
    }
    scenario->world.seed = job.seed;
    Run run(scenario);
    run.to_end();
    RunRow row = row_of(job, judge(run));
    row.settings = join_lines(drawn);
    return row;
  }

 private:
  bool swarm_;
  std::vector<ScenarioSource> sources_;
  std::vector<std::shared_ptr<Scenario>> scenarios_;
};

WorkerLimits limits_of(const SweepOptions& options) {
  WorkerLimits limits;
  limits.timeout = duration_of(options.timeout, "--timeout").value_or(std::chrono::seconds(0));
  if (!options.memory.empty()) {
    const Parsed<std::uint64_t> size = parse_size(options.memory);
    if (!size.value) throw BadInput(fmt::format("--memory: {}", size.error));
    limits.memory = *size.value;
  }
  if (options.memory.empty() && !kAddressSanitizer) {
    const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
    limits.memory =
        pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / jobs_of(options.jobs);
  }
  return limits;
}

SeedRange seeds_of(const SweepOptions& options) {
  if (options.seeds.empty()) {
    const bool ends_otherwise = !options.budget.empty() || options.until_failure;
    return {1, ends_otherwise ? kMostSeed : 100};
  }
  const SeedRange seeds = parse_seeds(options.seeds);
  if (seeds.last > kMostSeed) {
    throw BadInput(fmt::format("--seeds: the seeds of a sweep go up to {}", kMostSeed));
  }
  return seeds;
}

/// Takes up the sweep that `store` holds, which must be this one.
void take_up(ResultStore& store, const SweepOptions& options, const SweepHeader& wanted,
             bool sharded) {
  const SweepHeader& known = store.header();
  const auto refuse = [&](const std::string& why) {
    throw BadInput(fmt::format("{}: holds another sweep, which cannot be resumed by this one: {}",
                               options.out, why));
  };
  const std::string what = difference(known, wanted);
  if (!what.empty()) refuse("they differ in " + what);
  if (known.program != wanted.program) refuse("the program or a plugin was built anew since");
  if (sharded && known.shard != wanted.shard) {
    refuse(fmt::format("it has shard {}/{}, and this is {}/{}", known.shard.index,
                       known.shard.count, wanted.shard.index, wanted.shard.count));
  }
  if (options.seeds.empty()) return;
  if (wanted.seeds.first > known.seeds.first || wanted.seeds.last < known.seeds.last) {
    refuse(fmt::format("it has the seeds {}..{}; --seeds may add some, not leave some out",
                       known.seeds.first, known.seeds.last));
  }
  store.grow(wanted.seeds);
}

ResultStore open_store(const SweepOptions& options, SweepHeader wanted) {
  const ShardChoice choice = shard_of(options.shard, options.shards);
  wanted.shard = choice.shard;
  if (!choice.from.empty()) {
    fmt::print(stderr, "shard {}/{}, from {}\n", choice.shard.index, choice.shard.count,
               choice.from);
  }
  if (options.out.empty()) {
    if (options.resume) throw BadInput("--resume: of what? --out FILE.db names the database");
    return ResultStore::create("", wanted);
  }
  wanted.program = program_hash(options.scenario.plugins);
  std::optional<ResultStore> known = ResultStore::open(options.out);
  if (!known) return ResultStore::create(options.out, wanted);
  if (!options.resume) {
    throw BadInput(options.out + ": holds the results of a sweep already; --resume completes it");
  }
  const bool sharded = !choice.from.empty() || !options.shard.empty() || options.shards != 0;
  take_up(*known, options, wanted, sharded);
  return std::move(*known);
}

/// Commits now and then: what a crash can take back is half a second's work.
class Committer {
 public:
  explicit Committer(ResultStore& store) : store_(store) {}
  void add(const RunRow& row) {
    store_.add(row);
    if (++pending_ >= kRowsACommit) commit();
  }
  void tick() {
    if (std::chrono::steady_clock::now() - last_ >= kCommitAfter) commit();
  }
  void commit() {
    store_.commit();
    pending_ = 0;
    last_ = std::chrono::steady_clock::now();
  }

 private:
  ResultStore& store_;
  std::uint64_t pending_ = 0;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void write_files(const SweepOptions& options, const SweepReport& report) {
  if (!options.junit.empty()) write_file(options.junit, sweep_junit(report));
  if (!options.summary.empty()) write_file(options.summary, sweep_markdown(report));
  const char* step = std::getenv("GITHUB_STEP_SUMMARY");
  if (step != nullptr && *step != '\0' && options.summary.empty()) {
    std::ofstream(step, std::ios::app) << sweep_markdown(report) << '\n';
  }
}

}  // namespace

int sweep(const SweepOptions& options) {
  const Loaded loaded(options);
  const auto budget = duration_of(options.budget, "--budget");
  SweepHeader header{kVersion, 0, options.swarm, seeds_of(options), {}, loaded.described()};
  Workers workers(jobs_of(options.jobs), limits_of(options),
                  [&](Job job) { return loaded.run(job); });
  ResultStore store = open_store(options, std::move(header));
  SweepSummary summary(store.header().scenarios);
  store.each([&](const RunRow& row) { summary.add(row); });
  SweepPlan plan(store.header().seeds, store.header().shard,
                 static_cast<std::uint32_t>(summary.scenarios().size()), store.done());

  SweepReport report{&store.header(), &summary, options.scenario.plugins, options.out};
  report.total = plan.total();
  report.bounded = store.header().seeds.last != kMostSeed;
  const std::uint64_t already = summary.total().runs;
  heed_interrupts();
  Committer committer(store);
  Progress progress(report.bounded ? std::optional(report.total) : std::nullopt, already, budget);
  bool found_one = false;
  std::uint64_t done = already;
  std::uint64_t failures = summary.total().fail;
  workers.run([&] { return plan.next(); },
              [&](const RunRow& row) {
                committer.add(row);
                summary.add(row);
                ++done;
                failures += is_failure(row.ending);
                found_one |= is_failure(row.ending);
              },
              [&] {
                committer.tick();
                progress.tick(done, failures);
                if (budget && progress.seconds() >= std::chrono::duration<double>(*budget).count())
                  return true;
                return interrupted() || (options.until_failure && found_one);
              });
  committer.commit();
  report.wall_s = progress.seconds();
  progress.end();
  report.here = done - already;
  report.interrupted = interrupted();
  write_files(options, report);
  fmt::print("{}{}", options.json ? sweep_json(report) : sweep_text(report),
             options.json ? "\n" : "");
  return exit_code_of(report);
}

}  // namespace seedbed::cli
