// Text in, text out: a protocol driven by hand. Nothing happens by itself (timeouts are an hour,
// a message takes 1 ms, a sync 1 ms); a script says which timer fires, which link is cut, who
// crashes. What the servers then say to each other is printed, and every invariant is checked after
// every event. Expected output stands below each command after `----`; SEEDBED_REWRITE=1 rewrites
// it.
//
//   cluster 3            # also: mutant=votes-twice, or an integer parameter: max_entries=1
//   timeout 1            # n1 stands for election
//   stabilize            # run until nothing is under way
//   propose 1 7 42       # a client asks n1 to set key 7 to 42
//   partition 1 | 2,3    # also: heal · cut 1 2 (one way) · crash 2 · restart 2
//   drop AppendEntries   # messages of this name are lost from now on; `keep` ends it
//   run 500us            # a little time only
//   state                # what each server knows
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/run/run.h"

namespace seedbed::testing {

class Script {
 public:
  /// Commands of one protocol: "timeout" injects its timer into a node.
  using Commands = std::map<std::string, std::function<void(World&, NodeId)>>;
  using Describe = std::function<std::string(const World&, NodeId)>;

  Script(const Protocol& protocol, std::map<std::string, Value> parameters, Commands commands,
         Describe describe);

  /// Runs one command line; returns what happened.
  std::string run(const std::string& command);

 private:
  class Printer;

  void cluster(std::istream& words);
  void partition(const std::string& groups);
  void cut(std::uint32_t from, std::uint32_t to);
  void propose(std::istream& words);
  void run_for(Duration span);
  std::string take_output();
  void print_new_violations();

  const Protocol& protocol_;
  std::map<std::string, Value> parameters_;
  Commands commands_;
  Describe describe_;
  std::shared_ptr<Printer> printer_;
  std::unique_ptr<Run> run_;
  std::vector<std::uint32_t> weather_;
  std::size_t violations_ = 0;
  std::uint64_t requests_ = 0;
};

/// Runs every command of a script file and compares (or rewrites). Each command is a line, or
/// several up to `----`; a blank line ends its expected output; `#` lines are comments.
void check_script_file(const std::string& path, Script& script);

}  // namespace seedbed::testing
