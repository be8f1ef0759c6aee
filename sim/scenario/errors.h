// Collects what is wrong with a scenario, so that all of it is reported in one go.
//
//   Errors errors({"raft.yaml", "--set network.loss"});
//   errors.add({12, 3}, "network.los", "no such key; did you mean 'loss'?");
//   for (const ScenarioError& e : errors.take()) ...      // sorted by place
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario_error.h"

namespace seedbed {

/// Where something stands. Source 0 is the file, n the n-th `--set`, which has no lines.
struct Place {
  int line = 1;
  int column = 1;
  int source = 0;
};

class Errors {
 public:
  /// More than so many are cut off: a broken generator should not flood a terminal.
  static constexpr std::size_t kMost = 100;

  /// What the sources are called: the file, then each setting.
  explicit Errors(std::vector<std::string> sources) : sources_(std::move(sources)) {}

  void add(Place place, std::string path, std::string message);
  /// In another file, which the scenario names.
  void add_elsewhere(std::string file, int line, int column, std::string path, std::string message);

  bool none() const { return found_.empty(); }
  /// So many are found that nobody will see another one: no need to look for its nearest name.
  bool flooded() const { return found_.size() > 10 * kMost; }
  /// Nothing is wrong at `path` or below it: rules that compare several values ask this first, so
  /// that one mistake is one message.
  bool clean(std::string_view path) const;
  /// All of them: the file's by line, then other files', then the settings' in their order.
  std::vector<ScenarioError> take();

 private:
  struct Found {
    int rank = 0;
    ScenarioError error;
  };

  std::vector<std::string> sources_;
  std::vector<Found> found_;
};

/// `text` between single quotes, as one printable line of at most some 60 characters.
std::string in_quotes(std::string_view text);
/// The same without the quotes.
std::string printable(std::string_view text);
/// "known, but not supported yet: wipe; supported: crash, kill".
std::string not_supported(std::string_view name, std::string_view supported);
/// "a, b, c".
std::string listed(const std::vector<std::string_view>& names);
/// "; did you mean 'loss'?" where a name is near, else "; `otherwise` a, b, c".
std::string suggestion(std::string_view name, const std::vector<std::string_view>& known,
                       std::string_view otherwise = "allowed are");

}  // namespace seedbed
