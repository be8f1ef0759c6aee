// The command line: every subcommand, option and help text. The only file that knows CLI11.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "sim/base/text.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

namespace {

std::vector<std::string_view> option_names(const CLI::App& app, std::vector<std::string>& storage) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) storage.push_back("--" + name);
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    storage.push_back(sub->get_name());
  }
  return {storage.begin(), storage.end()};
}

/// "--sede: no such option; did you mean '--seed'?"
std::string explain_extras(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  const CLI::App& where = chosen.empty() ? app : *chosen.front();
  std::string text;
  bool after_option = false;
  for (const std::string& extra : app.remaining(true)) {
    std::vector<std::string> storage;
    const std::string word = extra.substr(0, extra.find('='));
    const std::string_view near = nearest(word, option_names(where, storage));
    const bool option = !word.empty() && word.front() == '-';
    if (after_option && !option) continue;  // the unknown option's value, most likely
    after_option = option;
    text += fmt::format("{}: no such {}", word,
                        option           ? "option"
                        : chosen.empty() ? "command"
                                         : "argument");
    text += near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
    text += '\n';
  }
  text += chosen.empty() ? "seedbed --help lists the commands\n"
                         : fmt::format("seedbed {} --help lists its options\n", where.get_name());
  return text;
}

void add_plugins(CLI::App& command, std::vector<std::string>& plugins) {
  command.add_option("--plugin", plugins, "a shared library with another protocol")
      ->type_name("LIB")
      ->allow_extra_args(false)
      ->take_all();
}

/// How a scenario is to be changed before it runs.
void add_changes(CLI::App& command, ScenarioOptions& options) {
  command.add_option("--set", options.settings, "such as network.loss=2%; repeatable")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false)
      ->take_all();
  command.add_option("--mutant", options.mutant, "run the protocol with this rule broken");
  add_plugins(command, options.plugins);
}

void add_scenario(CLI::App& command, ScenarioOptions& options, bool with_seed) {
  command.add_option("scenario", options.file, "the scenario's YAML file")->required();
  if (with_seed) {
    command.add_option("--seed", options.seed, "decides everything that is drawn");
  }
  command.add_flag("--swarm", options.swarm,
                   "draw faults, rates, parameters and sizes from the seed, too");
  add_changes(command, options);
}

/// The options of all subcommands, filled in by the parser.
struct Arguments {
  RunOptions run;
  VerifyOptions verify;
  BenchOptions bench;
  SweepOptions sweep;
  ShrinkOptions shrink;
  DiffOptions diff;
  MergeOptions merge;
  CheckHistoryOptions check;
  ListOptions list;
  ExplainOptions explain;
  std::vector<std::string> files;
};

void add_run(CLI::App& app, RunOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("run", "Run a scenario once and judge it");
  add_scenario(*command, options.scenario, true);
  command->add_flag("--verify", options.verify,
                    "run again in a fresh process and compare the digests");
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->add_flag("--quiet", options.quiet, "one line");
  command->add_option("--history", options.history,
                      "write what the clients saw, in Jepsen's form (EDN)");
  command->add_option("--trace", options.trace,
                      "write every event and message as text ('-': stdout)");
  command->add_option("--report", options.report, "write an HTML page with the timeline");
  command->add_flag("--digest", options.digest_only, "print the digest alone, without judging");
  command->add_option("--state-after", options.state_after,
                      "print the digest after so many events and the state of every node then");
  command->callback([&] { exit_code = run(options); });
}

void add_bench(CLI::App& app, BenchOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "bench", "Compare with what a paper published, or protocols and settings with each other");
  command->add_option("scenarios", options.files, "YAML files")->required();
  add_changes(*command, options.scenario);
  command->add_option("--seeds", options.seeds, "A..B, where nothing was published")
      ->capture_default_str();
  command->add_option("--vary", options.vary, "a row for each value: nodes=3,5,7; repeatable")
      ->type_name("PATH=VALUE,...")
      ->allow_extra_args(false)
      ->take_all();
  command->add_option("--trials", options.trials, "instead of the scenario's own number")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}));
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->add_option("--csv", options.csv, "write a line for each figure")->type_name("FILE");
  command->callback([&] { exit_code = bench(options); });
}

void add_sweep(CLI::App& app, SweepOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("sweep", "Run many seeds and group their failures");
  command->add_option("scenarios", options.files, "YAML files")->required();
  add_changes(*command, options.scenario);
  command->add_option("--seeds", options.seeds,
                      "A..B; 1..100 if left out, or without end where --budget or --until-failure "
                      "ends it");
  command->add_option("--jobs,-j", options.jobs, "processes; one for each processor if left out")
      ->check(CLI::Range(1U, 4096U));
  command->add_option("--budget", options.budget, "stop after this time, such as 60s");
  command->add_option("--shard", options.shard,
                      "the part of the seeds to run, such as 2/8 (from 1); auto: what Slurm or "
                      "Kubernetes say, which they also do where it is left out");
  command->add_option("--shards", options.shards, "how many, where those say only which")
      ->check(CLI::Range(std::uint64_t{1}, kMostSeed));
  command->add_option("--out", options.out, "an SQLite database for the results")
      ->type_name("FILE.db");
  command->add_flag("--resume", options.resume, "run what is missing in --out");
  command->add_flag("--until-failure", options.until_failure, "stop at the first seed that fails");
  command->add_flag("--swarm", options.swarm,
                    "draw faults, rates, parameters and sizes from each seed, too");
  command->add_option("--timeout", options.timeout, "processor time of one run; 0s: no limit")
      ->capture_default_str();
  command->add_option("--memory", options.memory,
                      "address space of one process, such as 2GiB; an equal share of the machine's "
                      "memory if left out");
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->add_option("--junit", options.junit, "write JUnit's XML")->type_name("FILE");
  command
      ->add_option("--summary", options.summary,
                   "write markdown; $GITHUB_STEP_SUMMARY gets it by itself")
      ->type_name("FILE");
  command->callback([&] { exit_code = sweep(options); });
}

void add_shrink(CLI::App& app, ShrinkOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "shrink", "Find the smallest scenario that still fails as this one does under a seed");
  add_scenario(*command, options.scenario, true);
  command->add_option("--out,-o", options.out, "write the scenario here, not to stdout")
      ->type_name("FILE.yaml");
  command->add_option("--budget", options.budget, "stop after this time with what there is")
      ->capture_default_str();
  command->add_option("--jobs,-j", options.jobs, "processes; one for each processor if left out")
      ->check(CLI::Range(1U, 4096U));
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->callback([&] { exit_code = shrink(options); });
}

void add_merge(CLI::App& app, MergeOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("merge", "Join the databases of a sweep's shards");
  command->add_option("out", options.out, "a new database")->required();
  command->add_option("databases", options.inputs, "those of the shards")->required();
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->callback([&] { exit_code = merge(options); });
}

void add_check(CLI::App& app, CheckHistoryOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("check", "Judge a history that came from anywhere");
  command
      ->add_option("history", options.file,
                   "a file, or one key or case of it: FILE#KEY; '-': what comes on stdin")
      ->required();
  command->add_option("--model", options.model, "what the history is of; seedbed list checks");
  command->add_option("--level", options.level, "what is promised, where there is a choice");
  command->add_option("--format", options.format, "guessed where it is plain");
  command->add_option("--init", options.init, "what a register holds at first, in EDN")
      ->type_name("VALUE");
  command->add_flag("--session-per-line", options.session_per_line,
                    "each line is a session of its own");
  command->add_flag("--independent", options.independent,
                    "every value is [key value], as Jepsen's independent keys have it: each key is "
                    "judged by itself");
  command->add_option("--budget", options.budget, "undecided after this time")
      ->capture_default_str();
  command->add_option("--memory", options.memory, "undecided beyond this memory of the search")
      ->capture_default_str();
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->callback([&] { exit_code = check(options); });
}

void add_diff(CLI::App& app, DiffOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("diff", "Find the first event where two runs part");
  const char* what = "a trace (run --trace FILE), or SCENARIO@SEED";
  command->add_option("a", options.left, what)->required();
  command->add_option("b", options.right, what)->required();
  add_changes(*command, options.scenario);
  command->add_flag("--json", options.json, "one JSON document on stdout, and nothing else there");
  command->callback([&] { exit_code = diff(options); });
}

void add_commands(CLI::App& app, Arguments& arguments, int& exit_code) {
  add_run(app, arguments.run, exit_code);
  add_bench(app, arguments.bench, exit_code);
  add_sweep(app, arguments.sweep, exit_code);
  add_shrink(app, arguments.shrink, exit_code);
  add_merge(app, arguments.merge, exit_code);
  add_diff(app, arguments.diff, exit_code);
  add_check(app, arguments.check, exit_code);

  CLI::App* verify_command =
      app.add_subcommand("verify", "Run each seed twice in separate processes and compare");
  add_scenario(*verify_command, arguments.verify.scenario, false);
  verify_command->add_option("--seeds", arguments.verify.seeds, "A..B")->capture_default_str();
  verify_command->callback([&] { exit_code = verify(arguments.verify); });

  const char* kinds = "protocols, mutants, faults, checks, workloads or scenarios";
  CLI::App* list_command = app.add_subcommand("list", std::string("List ") + kinds);
  list_command->add_option("what", arguments.list.what, kinds)->required();
  list_command->add_flag("--json", arguments.list.json, "as a JSON array");
  add_plugins(*list_command, arguments.list.plugins);
  list_command->callback([&] { exit_code = list(arguments.list); });

  CLI::App* explain_command = app.add_subcommand(
      "explain",
      "Explain a protocol, mutant, fault, check, workload, key or command, or the network of a "
      "scenario");
  explain_command
      ->add_option("name", arguments.explain.name, "what to explain: a name, or a scenario's file")
      ->required();
  add_plugins(*explain_command, arguments.explain.plugins);
  explain_command->callback([&] {
    for (const CLI::App* c : app.get_subcommands([](const CLI::App*) { return true; })) {
      arguments.explain.commands.emplace_back(c->get_name(), c->get_description());
    }
    exit_code = explain(arguments.explain);
  });

  CLI::App* validate_command =
      app.add_subcommand("validate", "Check scenarios without running them");
  validate_command->add_option("scenarios", arguments.files, "YAML files")->required();
  validate_command->callback([&] { exit_code = validate(arguments.files); });

  app.add_subcommand("schema", "Print the JSON Schema of a scenario")->callback([&] {
    exit_code = schema();
  });
}

}  // namespace

int parse_and_run(int argc, char** argv) {
  CLI::App app{
      "Simulate distributed systems: one seed, one history.\n"
      "  seedbed run scenarios/raft/isolated-leader.yaml"};
  app.name("seedbed");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", std::string("seedbed ") + kVersion);
  app.failure_message(CLI::FailureMessage::simple);
  int exit_code = kAsExpected;
  Arguments arguments;
  add_commands(app, arguments, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    fmt::print(stderr, "{}", explain_extras(app));
    return kBadInput;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kAsExpected : kBadInput;
  }
  if (app.get_subcommands().empty()) {
    fmt::print(stderr, "{}", app.help());
    return kBadInput;
  }
  return exit_code;
}

}  // namespace seedbed::cli
