// What the subcommands share: exit codes, their options, and how a scenario is loaded. One file for
// each subcommand, which holds no logic of its own; arguments.cpp alone knows the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/explore/sweep_plan.h"
#include "sim/run/scenario.h"
#include "sim/scenario/settings.h"
#include "sim/scenario/yaml_tree.h"

namespace seedbed::cli {

enum ExitCode : int {
  kAsExpected = 0,
  kNotAsExpected = 1,
  kBadInput = 2,
  kUndecided = 3,
  kOurFault = 4,
  kInterrupted = 130,
};

inline constexpr const char* kVersion = "0.1.0";

/// What the user gave is bad; what() says what, where, and what is allowed.
class BadInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ScenarioOptions {
  std::string file;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> settings;  // "network.loss=2%"
  std::string mutant;
  std::vector<std::string> plugins;
  bool swarm = false;  // what the seed draws on top (sim/explore/swarm.h)

  /// The same options again, as arguments for another process.
  std::vector<std::string> arguments() const;
};

/// Adds the protocol of a shared library (protocols/protocol.h). Throws BadInput.
void load_plugin(const std::string& path);

/// Loads the plugins and reads the scenario with the options applied; throws BadInput with every
/// error of the file. `drawn`: what swarm drew, as lines PATH=VALUE.
std::shared_ptr<const Scenario> load(const ScenarioOptions& options,
                                     std::vector<std::string>* drawn = nullptr);

/// A scenario's file, read once however many of its seeds run, and each with settings of its own.
class ScenarioSource {
 public:
  /// Throws BadInput where the file cannot be read. Loads no plugins.
  explicit ScenarioSource(ScenarioOptions options);

  /// The file's tree with the options applied and `more` after them.
  YamlNode tree(std::span<const Setting> more = {}) const;

  /// With the options applied and `more` after them; throws BadInput with every error. Without what
  /// swarm draws.
  std::shared_ptr<Scenario> read(std::span<const Setting> more = {}) const;

  const ScenarioOptions& options() const { return options_; }
  const std::string& text() const { return text_; }

 private:
  ScenarioOptions options_;
  std::string text_;
};

/// "tools/seedbed run FILE --set ... --seed N": what has that run again.
std::string repeat_command(const ScenarioOptions& options, std::uint64_t seed);

/// "60s", of an option; nothing for "". Throws BadInput.
std::optional<std::chrono::nanoseconds> duration_of(const std::string& text, const char* option);
/// Processes: as many as asked for, or one for each processor.
unsigned jobs_of(unsigned asked);

/// "1..100" or "7": an inclusive range of seeds. Throws BadInput.
SeedRange parse_seeds(const std::string& text);

/// Writes a whole file, or throws BadInput.
void write_file(const std::string& path, std::string_view content);

struct RunOptions {
  ScenarioOptions scenario;
  bool verify = false;  // again in a fresh process
  bool json = false;
  bool quiet = false;
  bool digest_only = false;                  // without judging
  std::optional<std::uint64_t> state_after;  // only that, after so many events
  std::string history;                       // a file
  std::string trace;                         // a file, or "-"
  std::string report;                        // an HTML file
};
struct VerifyOptions {
  ScenarioOptions scenario;
  std::string seeds = "1..10";
};
struct DiffOptions {
  std::string left, right;   // files with traces, or SCENARIO@SEED
  ScenarioOptions scenario;  // changes of the latter
  bool json = false;
};
struct BenchOptions {
  std::vector<std::string> files;
  ScenarioOptions scenario;       // for each of the files
  std::string seeds = "1..20";    // where nothing was published
  std::vector<std::string> vary;  // "nodes=3,5,7"
  std::optional<std::uint64_t> trials;
  bool json = false;
  std::string csv;  // a file
};
struct SweepOptions {
  std::vector<std::string> files;
  ScenarioOptions scenario;  // for each of the files
  std::string seeds;         // "": 1..100, or all there are where something else ends it
  unsigned jobs = 0;         // 0: one for each processor
  std::string budget;        // a duration
  std::string shard;         // "2/8", "auto", or "": what the environment says
  std::uint64_t shards = 0;  // how many, where the environment says only which
  std::string out;           // a database
  bool resume = false;
  bool until_failure = false;
  bool swarm = false;
  bool json = false;
  std::string junit;    // a file
  std::string summary;  // a file
  std::string timeout = "5min";
  std::string memory;  // a size; "": an equal share of what the machine has
};
struct CheckHistoryOptions {
  std::string file;    // "kv.txt", or one part of it: "kv.txt#7", a key's or a case
  std::string model;   // a history check
  std::string level;   // "": the model's first
  std::string format;  // "": guessed
  std::optional<std::string> init;
  bool session_per_line = false;
  bool independent = false;
  std::string budget = "60s";
  std::string memory = "2GiB";
  bool json = false;
};
struct ShrinkOptions {
  ScenarioOptions scenario;
  std::string out;  // a file; "": stdout
  std::string budget = "60s";
  unsigned jobs = 0;
  bool json = false;
};
struct MergeOptions {
  std::string out;
  std::vector<std::string> inputs;
  bool json = false;
};
struct ListOptions {
  std::string what;
  bool json = false;
  std::vector<std::string> plugins;
};
struct ExplainOptions {
  std::string name;
  std::vector<std::string> plugins;
  std::vector<std::pair<std::string, std::string>> commands;  // seedbed's own, and what each does
};

// The subcommands. Each returns an exit code.
int run(const RunOptions& options);
int verify(const VerifyOptions& options);
int diff(const DiffOptions& options);
int bench(const BenchOptions& options);
int sweep(const SweepOptions& options);
int shrink(const ShrinkOptions& options);
int merge(const MergeOptions& options);
int check(const CheckHistoryOptions& options);
int list(const ListOptions& options);
int explain(const ExplainOptions& options);
/// The network of a scenario: its links, and the paths that messages take.
std::string explain_network(const Scenario& scenario);
/// Of a scenario's key, by its name or its path; "" if no key has this name.
std::string explain_key(std::string_view name);
std::vector<std::string> scenario_keys();
int validate(const std::vector<std::string>& files);
int schema();

/// Parses the command line and runs the subcommand that it names.
int parse_and_run(int argc, char** argv);

}  // namespace seedbed::cli
