// seedbed shrink SCENARIO --seed N: the smallest scenario that still fails in the same way.
#include "sim/explore/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/text.h"
#include "sim/explore/swarm.h"
#include "sim/run/run.h"
#include "tools/cli/command.h"
#include "tools/cli/interrupts.h"
#include "tools/cli/process.h"
#include "tools/cli/workers.h"

namespace seedbed::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

constexpr WorkerLimits kLimits{std::chrono::seconds(20), 0};

/// How the run ends, in a process of its own: it may take that with it.
RunRow outcome_of(std::shared_ptr<const Scenario> scenario) {
  std::optional<RunRow> outcome;
  bool asked = false;
  Workers workers(1, kLimits, [&](Job job) {
    Run run(scenario);
    run.to_end();
    return row_of(job, judge(run));
  });
  workers.run([&] { return std::exchange(asked, true) ? std::nullopt : std::optional(Job{}); },
              [&](RunRow row) { outcome = std::move(row); }, [] { return false; });
  return outcome.value();
}

/// Tries candidates in worker processes until `deadline`.
class Trials {
 public:
  Trials(std::uint64_t fingerprint, unsigned jobs, Clock::time_point deadline)
      : fingerprint_(fingerprint), jobs_(jobs), deadline_(deadline) {}

  std::optional<std::size_t> operator()(
      std::size_t count, const std::function<std::shared_ptr<const Scenario>(std::size_t)>& make) {
    if (out_of_time()) return std::nullopt;
    std::vector<bool> answered(count, false);
    std::optional<std::size_t> found;
    std::size_t next = 0;
    const auto try_one = [&](Job job) {
      RunRow row;
      row.job = job;
      const auto scenario = make(job.seed);
      if (scenario != nullptr && fails_so(scenario, fingerprint_)) row.fingerprint = fingerprint_;
      return row;
    };
    Workers workers(static_cast<unsigned>(std::min<std::size_t>(jobs_, count)), kLimits, try_one);
    workers.run(
        [&]() -> std::optional<Job> {
          if (next >= found.value_or(count)) return std::nullopt;
          return Job{next++, 0};
        },
        [&](const RunRow& row) {
          ++*runs_;
          answered[row.job.seed] = true;
          if (row.fingerprint == fingerprint_)
            found = std::min(found.value_or(count), row.job.seed);
        },
        [&] {
          const auto upto = answered.begin() + static_cast<std::ptrdiff_t>(found.value_or(count));
          const bool decided = found && std::find(answered.begin(), upto, false) == upto;
          return decided || out_of_time();
        });
    return found;
  }

  std::uint64_t runs() const { return *runs_; }
  bool out_of_time() const { return interrupted() || Clock::now() >= deadline_; }

 private:
  std::uint64_t fingerprint_;
  unsigned jobs_;
  Clock::time_point deadline_;
  std::shared_ptr<std::uint64_t> runs_ = std::make_shared<std::uint64_t>(0);
};

/// The scenario with all that was said and drawn beside it, and what is to be expected of it.
Reproduction start_of(const ShrinkOptions& options) {
  const std::shared_ptr<const Scenario> scenario = load(options.scenario);
  std::vector<Setting> drawn;
  const ScenarioSource source(options.scenario);
  if (options.scenario.swarm) drawn = swarm_settings(*source.read(), scenario->world.seed);
  return {options.scenario.file, source.tree(drawn), scenario->world.seed, nullptr};
}

/// Says of itself what it is, once it is found.
void describe(Reproduction& r, const Scenario& origin, const RunRow& failure) {
  const auto text = [](std::string_view words) {
    return Json(words).dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  r.root = without(std::move(r.root), "expect");  // nobody can expect a crash
  if (failure.ending == Ending::kFail) {
    r.root = with(std::move(r.root), "expect", fmt::format("{{ violates: {} }}", failure.check));
  }
  r.root = with(std::move(r.root), "name",
                fmt::format("{}-{:08x}", origin.name, *failure.fingerprint >> 32));
  r.root = with(std::move(r.root), "about",
                text(fmt::format("Shrunken from {}, seed {}. {}", origin.name, origin.world.seed,
                                 failure.message)));
}

/// The fingerprint of the file's run in a fresh process.
std::optional<std::string> fingerprint_in_fresh_process(const std::string& file,
                                                        const ShrinkOptions& options,
                                                        std::uint64_t seed) {
  std::vector<std::string> words{
      "sweep", file, "--json", "--jobs", "1", "--seeds", std::to_string(seed)};
  for (const std::string& p : options.scenario.plugins) words.insert(words.end(), {"--plugin", p});
  ChildProcess child(words);
  std::string text, line;
  while (child.read_line(line)) text += line;
  child.wait();
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || json["failures"].empty()) return std::nullopt;
  return json["failures"][0]["fingerprint"].get<std::string>();
}

Json size_json(const ReproductionSize& size) {
  return {{"faults", size.faults},
          {"operations", size.operations},
          {"nodes", size.nodes},
          {"simulated_s", static_cast<double>(size.simulated.count()) / 1e9},
          {"decisions", size.decisions}};
}

std::string size_text(const ReproductionSize& size) {
  return fmt::format("{} faults, {} operations, {} nodes, {} simulated, {} decisions", size.faults,
                     size.operations, size.nodes, to_text(size.simulated), size.decisions);
}

struct Shrinking {
  Reproduction start;
  RunRow failure;
  Reproduction found;
  std::uint64_t runs = 0;
  double seconds = 0;
  bool cut_short = false;
};

void shrink_within(const ShrinkOptions& options, Shrinking& s) {
  const auto budget =
      duration_of(options.budget, "--budget").value_or(std::chrono::hours(24 * 365));
  const auto begun = Clock::now();
  const unsigned jobs = jobs_of(options.jobs);
  Trials drawn(*s.failure.fingerprint, jobs, begun + budget / 2);
  Trials listed(*s.failure.fingerprint, jobs, begun + budget);
  s.found = simplify(s.start, std::ref(drawn));
  // A run that takes its process with it leaves nothing to write down.
  if (s.failure.ending == Ending::kFail) {
    s.found = smallest(s.found, std::ref(listed));
  }
  s.runs = drawn.runs() + listed.runs();
  s.cut_short = listed.out_of_time();
  s.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
}

void report(const ShrinkOptions& options, const Shrinking& s, const std::string& document) {
  const bool has_end = s.failure.ending == Ending::kFail;
  const auto before = has_end ? size_of(s.start) : ReproductionSize{};
  const auto after = has_end ? size_of(s.found) : ReproductionSize{};
  if (options.json) {
    Json json{{"scenario", s.start.file},
              {"seed", s.start.seed},
              {"check", s.failure.check},
              {"fingerprint", fmt::format("{:016x}", *s.failure.fingerprint)},
              {"before", has_end ? size_json(before) : Json(nullptr)},
              {"after", has_end ? size_json(after) : Json(nullptr)},
              {"runs", s.runs},
              {"wall_s", s.seconds},
              {"cut_short", s.cut_short},
              {"file", options.out.empty() ? Json(nullptr) : Json(options.out)}};
    if (options.out.empty()) json["document"] = document;
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    return;
  }
  if (options.out.empty()) fmt::print("{}", document);
  fmt::print(stderr, "{}: {}\n", s.failure.check, s.failure.message);
  if (has_end) fmt::print(stderr, "before: {}\nafter:  {}\n", size_text(before), size_text(after));
  fmt::print(stderr, "{} runs in {:.1f} s{}\n", s.runs, s.seconds,
             s.cut_short ? "; the budget ended before there was nothing more to try" : "");
  if (!options.out.empty()) {
    fmt::print(stderr, "{}: fails in the same way in a fresh process\n", options.out);
  }
}

}  // namespace

int shrink(const ShrinkOptions& options) {
  Shrinking s{start_of(options), {}, {}};
  const std::shared_ptr<Scenario> origin = scenario_of(s.start);
  if (origin == nullptr) throw std::runtime_error("what was read cannot be read again");
  origin->world.seed = s.start.seed;
  s.failure = outcome_of(origin);
  if (!s.failure.fingerprint) {
    fmt::print(stderr, "{}: seed {} does not fail, so there is nothing to shrink\n",
               options.scenario.file, s.start.seed);
    return kBadInput;
  }
  heed_interrupts();
  shrink_within(options, s);
  describe(s.found, *origin, outcome_of(scenario_of(s.found)));
  const std::string document = document_of(s.found);
  if (!options.out.empty()) {
    write_file(options.out, document);
    const auto again = fingerprint_in_fresh_process(options.out, options, s.found.seed);
    if (again != fmt::format("{:016x}", *s.failure.fingerprint)) {
      throw std::runtime_error(fmt::format("{}: fails as {} in a fresh process", options.out,
                                           again.value_or("nothing")));
    }
  }
  report(options, s, document);
  return interrupted() ? kInterrupted : kAsExpected;
}

}  // namespace seedbed::cli
