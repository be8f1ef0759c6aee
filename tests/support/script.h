// Text in, text out: a protocol driven by hand. Nothing happens by itself (timeouts are an hour,
// a message takes 1 ms, a sync 1 ms); a script says which timer fires, which link is cut, who
// crashes. What the servers then say to each other is printed, and every invariant is checked after
// every event. Of a message only the fields that are not 0, false or empty are shown. Expected
// output stands below the commands after `----`; SEEDBED_REWRITE=1 rewrites it.
//
//   cluster 3                  # also: mutant=votes-twice, latency=, sync=, drift=100000ppm, seed=,
//                              # and every parameter: max_entries=1 pre_vote=true heartbeat=1s
//   timeout 1                  # n1 stands for election; `heartbeat 1`
//   stabilize                  # run until nothing is under way: for 100 ms
//   run 500us                  # a little time only
//   propose 1 7 42             # a client asks n1 to set key 7 to 42; `read 1 7`
//   again 1 0                  # it sends its request #0 to n1 once more
//   session 1                  # it opens a session by way of n1, and uses it from then on
//   partition 1 | 2,3          # `cut 1 2`: one way; `heal` ends both
//   drop AppendEntries 3       # messages of this name from or to n3 (or anybody) are lost; also
//                              # `duplicate NAME`, `delay NAME 5ms 3`; `keep` ends these
//   crash 2                    # `crash 2 torn`: with a part of what was being written; `restart 2`
//                              # `crash 2 rotten`: and its disk rots through; `wiped`: is empty
//   lose_tail 2 1              # n2 crashes, and its disk loses the last entry of each log
//   pause 2                    # n2 does nothing, what arrives waits; `resume 2`
//   add_server 4               # any action of the protocol: `change_membership 3,4,5`
//   quiet                      # messages are not printed, until `loud`
//   state                      # what each server knows; `clocks`: how fast each clock goes
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
  /// After the first `cluster`.
  const World& world() const { return run_->world(); }

 private:
  class Printer;
  using Handler = void (Script::*)(std::istream& words);
  static const std::map<std::string, Handler>& handlers();

  // One command each.
  void cluster(std::istream& words);
  void stabilize(std::istream& words);
  void run_a_little(std::istream& words);
  void partition(std::istream& words);
  void cut(std::istream& words);
  void heal(std::istream& words);
  void drop(std::istream& words);
  void duplicate(std::istream& words);
  void delay(std::istream& words);
  void keep(std::istream& words);
  void crash(std::istream& words);
  void lose_tail(std::istream& words);
  void restart(std::istream& words);
  void pause(std::istream& words);
  void resume(std::istream& words);
  void propose(std::istream& words);
  void read(std::istream& words);
  void again(std::istream& words);
  void session(std::istream& words);
  void quiet(std::istream& words);
  void loud(std::istream& words);
  void state(std::istream& words);
  void clocks(std::istream& words);
  void protocols_own(const std::string& name, std::istream& words);

  void set(const std::string& name, const std::string& text, Scenario& scenario);
  void add_overlay(Overlay overlay, std::uint64_t name, std::istream& words);
  void ask(NodeId server, kv::Request request);
  void run_for(Duration span);
  std::string take_output();
  void print_new_violations();

  const Protocol& protocol_;
  std::map<std::string, Value> parameters_;
  Commands commands_;
  Describe describe_;
  std::shared_ptr<Printer> printer_;
  std::unique_ptr<Run> run_;
  std::vector<std::uint32_t> cuts_;
  std::vector<std::uint32_t> overlays_;
  std::vector<kv::Request> requests_;
  std::size_t violations_ = 0;
};

/// Runs every command of a script file and compares (or rewrites). Each command is a line, or
/// several up to `----`; a blank line ends its expected output; `#` lines are comments.
void check_script_file(const std::string& path, Script& script);

}  // namespace seedbed::testing
