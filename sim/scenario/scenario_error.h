// What is wrong with a scenario, and where: every complaint names file, line, column, the key's
// path, what was found and what is allowed.
//
//   raft.yaml:12:3: network.los: no such key; did you mean 'loss'?
//   --set network.los: no such key; did you mean 'loss'?
//
// Lines and columns count from 1, columns in bytes; both are 0 where there is no place in a text (a
// file that cannot be opened, a `--set`).
#pragma once

#include <string>

namespace seedbed {

struct ScenarioError {
  std::string file;  // as it was named; "--set PATH" for a setting
  int line = 0;
  int column = 0;
  std::string path;  // "chaos[2].for"; "" for the whole
  std::string message;

  std::string text() const;
};

}  // namespace seedbed
