#include "tests/support/script.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/base/text.h"
#include "sim/chaos/partition.h"
#include "sim/run/result.h"
#include "sim/world/context.h"
#include "tests/support/scenarios.h"

namespace seedbed::testing {

namespace {

/// The client of a script: prints nothing itself, its node receives the replies.
class ScriptClient : public Process<ScriptClient, kv::Reply, kv::Request> {
 public:
  void start(Context&, const Recovered&) {}
  void on(Context&, const Envelope&, const kv::Reply&) {}
  /// Injected by `propose`: sent on to the server that `id.client` names for the purpose.
  void on(Context& ctx, const Envelope&, const kv::Request& m) {
    const NodeId server = m.id.client;
    kv::Request request = m;
    request.id.client = ctx.self();
    ctx.send(server, request);
  }
};

}  // namespace

/// Prints deliveries, losses, and what fires, between servers and to clients.
class Script::Printer : public Observer {
 public:
  explicit Printer(std::uint32_t servers) : servers_(servers) {}

  void on_send(const MessageKey& key, const PayloadHeader& m, const Fate& fate, bool cut) override {
    if (!cut && !fate.lost) return;
    print(cut ? "cut   " : "lost  ", key.from, key.to, m);
  }
  void on_event(std::uint64_t, Time, const Event& event, const PayloadHeader* m,
                std::uint64_t) override {
    if (event.kind == Event::Kind::kMessage) print("", event.from, event.node, *m);
  }
  std::string output;

 private:
  void print(const char* what, NodeId from, NodeId to, const PayloadHeader& m) {
    output += fmt::format("{}{}->{} ", what, node_name(from, servers_), node_name(to, servers_));
    m.type->text(m.object(), output);
    output += '\n';
  }
  std::uint32_t servers_;
};

Script::Script(const Protocol& protocol, std::map<std::string, Value> parameters, Commands commands,
               Describe describe)
    : protocol_(protocol),
      parameters_(std::move(parameters)),
      commands_(std::move(commands)),
      describe_(std::move(describe)) {}

void Script::cluster(std::istream& words) {
  auto scenario = quiet(protocol_, 1);
  words >> scenario->nodes;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (name == "mutant") {
      scenario->mutant = word.substr(equals + 1);
    } else {
      parameters_[name] = {std::stol(word.substr(equals + 1)), 0};
    }
  }
  for (std::size_t i = 0; i < protocol_.parameters.size(); ++i) {
    const auto set = parameters_.find(std::string(protocol_.parameters[i].name));
    if (set != parameters_.end()) scenario->parameters[i] = set->second;
  }
  scenario->duration = 3'000'000_s;
  scenario->on_violation = OnViolation::kContinue;
  scenario->world.network.latency = Latency::constant(1_ms);
  scenario->world.disk.sync = {1_ms, 1_ms};
  run_ = std::make_unique<Run>(scenario);
  run_->world().add_node({std::make_shared<const ScriptClient>()});
  printer_ = std::make_shared<Printer>(scenario->nodes);
  run_->observe(printer_.get());
  run_for({});
}

void Script::run_for(Duration span) {
  constexpr std::uint32_t kAlarm = 15;  // of no concern to the run or its chaos
  World& world = run_->world();
  const Time until = world.now() + span;
  world.schedule_action(until, kAlarm);
  while (world.next_event_at() <= until && run_->step()) {
  }
}

void Script::partition(const std::string& groups) {
  std::vector<std::vector<NodeId>> parsed(1);
  std::istringstream words(groups);
  for (std::string word; words >> word;) {
    if (word == "|") {
      parsed.emplace_back();
      continue;
    }
    std::istringstream ids(word);
    for (std::string id; std::getline(ids, id, ',');) {
      parsed.back().push_back({static_cast<std::uint32_t>(std::stoul(id))});
    }
  }
  weather_.push_back(run_->world().network().add_cut(cut_between(parsed)));
}

void Script::cut(std::uint32_t from, std::uint32_t to) {
  weather_.push_back(run_->world().network().add_cut(cut_one_way({NodeId{from}}, {NodeId{to}})));
}

void Script::propose(std::istream& words) {
  kv::Request request;
  words >> request.id.client.value >> request.command.key >> request.command.value;
  request.id.sequence = requests_++;
  request.command.function = kv::Function::kWrite;
  run_->world().inject(NodeId{run_->world().nodes()}, {}, request);
}

std::string Script::run(const std::string& command) {
  std::istringstream words(command);
  std::string name;
  words >> name;
  World* world = run_ ? &run_->world() : nullptr;
  if (name == "cluster") {
    cluster(words);
  } else if (name == "stabilize") {
    run_for(60_s);
  } else if (name == "run") {
    std::int64_t us = 0;
    words >> us;
    run_for(Duration(us * 1000));
  } else if (name == "partition") {
    std::string groups;
    std::getline(words, groups);
    partition(groups);
  } else if (name == "cut") {
    std::uint32_t from = 0, to = 0;
    words >> from >> to;
    cut(from, to);
  } else if (name == "drop") {
    std::string message;
    words >> message;
    Overlay overlay{.kind = Overlay::Kind::kLoss,
                    .chance = Probability::percent(100),
                    .only = hash_text(message)};
    overlay.nodes.assign(world->nodes() + 1, true);
    weather_.push_back(world->network().add_overlay(overlay));
  } else if (name == "heal" || name == "keep") {
    for (const std::uint32_t id : std::exchange(weather_, {})) world->network().remove(id);
  } else if (name == "propose") {
    propose(words);
    run_for({});
  } else if (name == "state") {
    for (std::uint32_t n = 1; n <= world->servers(); ++n) {
      printer_->output += fmt::format("n{} {}\n", n, describe_(*world, NodeId{n}));
    }
  } else {
    std::uint32_t n = 0;
    words >> n;
    if (name == "crash") {
      world->crash(NodeId{n}, Probability{});
    } else if (name == "restart") {
      world->restart(NodeId{n});
      run_for({});
    } else if (const auto found = commands_.find(name); found != commands_.end()) {
      found->second(*world, NodeId{n});
      run_for({});
    } else {
      return "unknown command: " + command + "\n";
    }
  }
  print_new_violations();
  return take_output();
}

void Script::print_new_violations() {
  for (; violations_ < run_->violations().size(); ++violations_) {
    const Violation& v = run_->violations()[violations_];
    printer_->output += fmt::format("VIOLATION {}: {}\n", v.check, v.message);
  }
}

std::string Script::take_output() {
  const std::string output = std::exchange(printer_->output, {});
  return output.empty() ? "ok\n" : output;
}

namespace {

struct Block {
  std::string comments;  // above the commands, as they are
  std::vector<std::string> commands;
  std::string expected;
};

std::vector<Block> parse(const std::string& path) {
  std::ifstream in(path);
  std::vector<Block> blocks(1);
  bool output = false;
  for (std::string line; std::getline(in, line);) {
    if (output) {
      if (!line.empty()) {
        blocks.back().expected += line + "\n";
        continue;
      }
      output = false;
      blocks.emplace_back();
    } else if (line == "----") {
      output = true;
    } else if (line.empty() || line.starts_with("#")) {
      blocks.back().comments += line + "\n";
    } else {
      blocks.back().commands.push_back(line);
    }
  }
  return blocks;
}

}  // namespace

void check_script_file(const std::string& path, Script& script) {
  std::string rewritten;
  bool commands_seen = false;
  for (const Block& block : parse(path)) {
    rewritten += block.comments;
    if (block.commands.empty()) continue;
    commands_seen = true;
    std::string actual;
    for (const std::string& command : block.commands) {
      rewritten += command + "\n";
      const std::string output = script.run(command.substr(0, command.find('#')));
      if (output != "ok\n") actual += output;
    }
    if (actual.empty()) actual = "ok\n";
    rewritten += "----\n" + actual + "\n";
    if (std::getenv("SEEDBED_REWRITE") == nullptr) {
      EXPECT_EQ(actual, block.expected) << path << ": after '" << block.commands.back() << "'";
    }
  }
  EXPECT_TRUE(commands_seen) << path << " has no commands";
  if (std::getenv("SEEDBED_REWRITE") != nullptr) {
    while (rewritten.ends_with("\n\n")) rewritten.pop_back();
    std::ofstream(path) << rewritten;
  }
}

}  // namespace seedbed::testing
