// seedbed_bench: measures, prints the table, keeps the JSON; or compares two that were kept.
// tools/bench builds and starts it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "bench/figures.h"
#include "bench/report.h"

namespace seedbed::bench {
namespace {

int measure(const Suite::Options& asked, const std::string& commit, const std::string& json) {
  Suite suite;
  add_memory(suite);
  add_crowds(suite);
  add_holds(suite);
  add_messages(suite);
  add_pieces(suite);
  add_runs(suite);
  add_transactions(suite);
  add_linearizability(suite);

  fmt::print("{}", table_head());
  Suite::Options options = asked;
  options.done = [](const Measured& figure) {
    fmt::print("{}", table_lines(figure));
    std::fflush(stdout);
  };
  const std::vector<Measured> figures = suite.run(options);
  if (figures.empty()) {
    throw std::runtime_error(fmt::format("--only: no figure's name contains \"{}\"", options.only));
  }
  if (json.empty()) return 0;
  std::ofstream file(json);
  file << to_json(commit, figures);
  return file.good() ? 0 : 1;
}

int run(int argc, char** argv) {
  CLI::App app("Measures Seedbed against bare loops and peers.");
  Suite::Options options;
  std::string commit;
  std::string json;
  std::vector<std::string> files;
  app.add_option("--rounds", options.rounds, "How often each figure is measured")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--only", options.only, "Only the figures whose name contains this");
  app.add_option("--commit", commit, "What was measured, for the JSON");
  app.add_option("--json", json, "Where the figures go");
  app.add_option("--compare", files, "Two files that --json wrote")->expected(2);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (files.empty()) return measure(options, commit, json);
  const Comparison comparison = compare(read_json(files[0]), read_json(files[1]));
  fmt::print("{}", comparison.text);
  return comparison.worse == 0 ? 0 : 1;
}

}  // namespace
}  // namespace seedbed::bench

int main(int argc, char** argv) {
  try {
    return seedbed::bench::run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "seedbed_bench: {}\n", e.what());
    return 2;
  }
}
