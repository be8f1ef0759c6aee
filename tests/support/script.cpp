#include "tests/support/script.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/base/text.h"
#include "sim/chaos/partition.h"
#include "sim/run/result.h"
#include "sim/scenario/units.h"
#include "sim/world/context.h"
#include "tests/support/scenarios.h"
#include "tests/support/script_client.h"

namespace seedbed::testing {

namespace {

/// `text` cut at the spaces that are in no bracket.
std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    depth += (c == '{' || c == '[' || c == '(') - (c == '}' || c == ']' || c == ')');
    if (c != ' ' || depth > 0) continue;
    fields.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return fields;
}

/// Without the fields that are 0, false or empty.
std::string without_defaults(std::string_view text) {
  std::string kept;
  for (const std::string_view field : fields_of(text)) {
    const std::string name(field.substr(0, field.find('=')));
    std::string value(field.substr(std::min(name.size() + 1, field.size())));
    if (value.starts_with('{')) value = "{" + without_defaults(value.substr(1, value.size() - 2));
    for (const char* none : {"0", "0s", "false", "nobody", "[]", "{", "()", "\"\""}) {
      if (value == none) value = "-";
    }
    if (value == "-") continue;
    if (value.starts_with('{')) value += '}';
    kept += (kept.empty() ? "" : " ") + name + (value.empty() ? "" : "=" + value);
  }
  return kept;
}

/// "1,2" or "1 2".
std::vector<NodeId> nodes_of(std::istream& words) {
  std::vector<NodeId> nodes;
  for (std::string word; words >> word;) {
    std::istringstream ids(word);
    for (std::string id; std::getline(ids, id, ',');) {
      nodes.push_back({static_cast<std::uint32_t>(std::stoul(id))});
    }
  }
  return nodes;
}

NodeId node_of(std::istream& words) {
  NodeId n;
  words >> n.value;
  return n;
}

/// What a script says wrong, it says at once.
template <class T>
T must(const Parsed<T>& parsed) {
  if (!parsed.value) throw std::runtime_error(parsed.error);
  return *parsed.value;
}

Duration duration_of(std::istream& words) {
  std::string word;
  words >> word;
  return must(parse_duration(word));
}

Value parse_value(ValueKind kind, const std::string& text) {
  switch (kind) {
    case ValueKind::kBoolean: return {must(parse_boolean(text)), 0};
    case ValueKind::kDuration: return {must(parse_duration(text)).count(), 0};
    case ValueKind::kProbability: return {must(parse_percent(text)).ppb, 0};
    case ValueKind::kInteger: return {std::stol(text), 0};
    case ValueKind::kDurationRange: break;
  }
  const auto range = must(parse_range(text));
  return {range.min.count(), range.max.count()};
}

}  // namespace

/// Prints deliveries, losses, and what fires, between servers and to clients.
class Script::Printer : public Observer {
 public:
  Printer(const World& world, std::uint32_t servers) : world_(world), servers_(servers) {}

  void on_send(const MessageKey& key, const PayloadHeader& m, const Fate& fate, bool cut) override {
    if (cut || fate.lost) print(cut ? "cut   " : "lost  ", key.from, key.to, m);
  }
  void on_event(std::uint64_t, Time, const Event& event, const PayloadHeader* m,
                std::uint64_t) override {
    if (event.kind() != Event::Kind::kMessage) return;
    const bool cut = world_.network().is_cut(event.from, event.node);
    print(!world_.is_up(event.node) ? "down  " : cut ? "cut   " : "", event.from, event.node, *m);
  }
  std::string output;
  bool quiet = false;

 private:
  void print(const char* what, NodeId from, NodeId to, const PayloadHeader& m) {
    if (quiet) return;
    std::string text;
    m.type->text(m.object(), text);
    output += fmt::format("{}{}->{} {}\n", what, node_name(from, servers_), node_name(to, servers_),
                          without_defaults(text));
  }
  const World& world_;
  std::uint32_t servers_;
};

Script::Script(const Protocol& protocol, std::map<std::string, Value> parameters, Commands commands,
               Describe describe)
    : protocol_(protocol),
      parameters_(std::move(parameters)),
      commands_(std::move(commands)),
      describe_(std::move(describe)) {}

const std::map<std::string, Script::Handler>& Script::handlers() {
  static const std::map<std::string, Handler> kHandlers = {
      {"cluster", &Script::cluster},
      {"stabilize", &Script::stabilize},
      {"run", &Script::run_a_little},
      {"partition", &Script::partition},
      {"cut", &Script::cut},
      {"heal", &Script::heal},
      {"drop", &Script::drop},
      {"duplicate", &Script::duplicate},
      {"delay", &Script::delay},
      {"keep", &Script::keep},
      {"crash", &Script::crash},
      {"restart", &Script::restart},
      {"lose_tail", &Script::lose_tail},
      {"pause", &Script::pause},
      {"resume", &Script::resume},
      {"propose", &Script::propose},
      {"read", &Script::read},
      {"again", &Script::again},
      {"session", &Script::session},
      {"quiet", &Script::quiet},
      {"loud", &Script::loud},
      {"state", &Script::state},
      {"clocks", &Script::clocks},
  };
  return kHandlers;
}

std::string Script::run(const std::string& command) {
  std::istringstream words(command);
  std::string name;
  words >> name;
  const auto handler = handlers().find(name);
  if (!run_ && name != "cluster") throw std::runtime_error("a script begins with `cluster`");
  if (handler != handlers().end()) {
    (this->*handler->second)(words);
  } else {
    protocols_own(name, words);
  }
  print_new_violations();
  return take_output();
}

// --- the cluster, and time

void Script::cluster(std::istream& words) {
  auto scenario = testing::quiet(protocol_, 1);
  scenario->duration = 900'000_s;
  scenario->on_violation = OnViolation::kContinue;
  scenario->world.network.latency = Latency::constant(1_ms);
  scenario->world.disk.sync = {1_ms, 1_ms};
  for (std::size_t i = 0; i < protocol_.parameters.size(); ++i) {
    const auto set = parameters_.find(std::string(protocol_.parameters[i].name));
    if (set != parameters_.end()) scenario->parameters[i] = set->second;
  }
  words >> scenario->nodes;
  for (std::string word; words >> word;) {
    const std::size_t equals = std::min(word.find('='), word.size() - 1);
    set(word.substr(0, equals), word.substr(equals + 1), *scenario);
  }
  const auto validate = protocol_.validate;
  const auto wrong = validate ? validate(scenario->parameters, scenario->nodes) : "";
  if (!wrong.empty()) throw std::runtime_error(std::string(wrong));
  cuts_.clear();
  overlays_.clear();
  requests_.clear();
  violations_ = 0;
  run_ = std::make_unique<Run>(scenario);
  run_->world().add_node({std::make_shared<const ScriptClient>()});
  printer_ = std::make_shared<Printer>(run_->world(), scenario->servers());
  run_->observe(printer_.get());
  run_for({});
}

void Script::set(const std::string& name, const std::string& text, Scenario& scenario) {
  if (name == "mutant") {
    scenario.mutant = text;
    for (const MutantInfo& mutant : protocol_.mutants) {
      if (mutant.name == text) return;
    }
    throw std::runtime_error("no mutant " + text);
  }
  WorldConfig& world = scenario.world;
  if (name == "seed") return void(world.seed = std::stoul(text));
  if (name == "drift") return void(world.clocks.drift_ppb = must(parse_drift(text)));
  if (name == "sync") return void(world.disk.sync = must(parse_range(text)));
  const auto latency = [&] { return Latency::uniform(must(parse_range(text))); };
  if (name == "latency") return void(world.network.latency = latency());
  for (std::size_t i = 0; i < protocol_.parameters.size(); ++i) {
    const Parameter& parameter = protocol_.parameters[i];
    if (parameter.name != name) continue;
    scenario.parameters[i] = parse_value(parameter.kind, text);
    return;
  }
  throw std::runtime_error("no parameter " + name);
}

void Script::run_for(Duration span) {
  constexpr std::uint32_t kAlarm = 15;  // of no concern to the run or its chaos
  World& world = run_->world();
  const Time until = world.now() + span;
  world.schedule_action(until, kAlarm);
  while (world.next_event_at() <= until && run_->step()) {
  }
}

void Script::stabilize(std::istream&) { run_for(100_ms); }
void Script::run_a_little(std::istream& words) { run_for(duration_of(words)); }

// --- the weather

void Script::partition(std::istream& words) {
  std::vector<std::vector<NodeId>> groups;
  for (std::string group; std::getline(words, group, '|');) {
    std::istringstream ids(group);
    groups.push_back(nodes_of(ids));
  }
  cuts_.push_back(run_->world().network().add_cut(cut_between(groups)));
}

void Script::cut(std::istream& words) {
  const NodeId from = node_of(words);
  cuts_.push_back(run_->world().network().add_cut(cut_one_way({from}, {node_of(words)})));
}

void Script::heal(std::istream&) {
  for (const std::uint32_t id : std::exchange(cuts_, {})) run_->world().network().remove(id);
}

/// Hits messages from or to the nodes that follow; all, if none do.
void Script::add_overlay(Overlay overlay, std::uint64_t name, std::istream& words) {
  const std::vector<NodeId> nodes = nodes_of(words);
  overlay.only = name;
  overlay.spares_clients = false;
  overlay.nodes.assign(run_->world().nodes() + 1, nodes.empty());
  for (const NodeId n : nodes) overlay.nodes[n.value] = true;
  overlays_.push_back(run_->world().network().add_overlay(overlay));
}

void Script::drop(std::istream& words) {
  std::string message;
  words >> message;
  add_overlay({.kind = Overlay::Kind::kLoss, .chance = Probability::percent(100)},
              hash_text(message), words);
}

void Script::duplicate(std::istream& words) {
  std::string message;
  words >> message;
  add_overlay({.kind = Overlay::Kind::kDuplicate, .chance = Probability::percent(100)},
              hash_text(message), words);
}

void Script::delay(std::istream& words) {
  std::string message;
  words >> message;
  const Duration by = duration_of(words);
  add_overlay({.kind = Overlay::Kind::kDelay, .by = {by, by}}, hash_text(message), words);
}

void Script::keep(std::istream&) {
  for (const std::uint32_t id : std::exchange(overlays_, {})) run_->world().network().remove(id);
}

void Script::crash(std::istream& words) {
  const NodeId n = node_of(words);
  std::string how;
  words >> how;
  run_->world().crash(n, how == "torn" ? Probability::percent(100) : Probability{});
  if (how == "rotten") run_->world().rot_bits(n, 100, Rng(1));
  if (how == "wiped") run_->world().wipe(n);
}

void Script::lose_tail(std::istream& words) {
  const NodeId n = node_of(words);
  std::uint64_t entries = 0;
  words >> entries;
  run_->world().crash(n, Probability{});
  run_->world().lose_tail(n, entries);
}

void Script::restart(std::istream& words) {
  run_->world().restart(node_of(words));
  run_for({});
}

void Script::pause(std::istream& words) { run_->world().pause(node_of(words)); }
void Script::resume(std::istream& words) { run_->world().resume(node_of(words)); }

// --- the client

void Script::ask(NodeId server, kv::Request request) {
  request.id.client = server;
  run_->world().inject(NodeId{run_->world().nodes()}, {}, request);
  run_for({});
}

void Script::propose(std::istream& words) {
  const World& world = run_->world();
  const NodeId server = node_of(words);
  kv::Request request;
  request.id.sequence = requests_.size();
  request.session = static_cast<const ScriptClient*>(world.process({world.nodes()}))->session();
  words >> request.command.key;
  if (words >> request.command.value) {
    request.command.function = kv::Function::kWrite;
  } else {
    request.command.value = kv::kNil;
  }
  requests_.push_back(request);
  ask(server, request);
}

void Script::read(std::istream& words) { propose(words); }

void Script::again(std::istream& words) {
  const NodeId server = node_of(words);
  std::size_t number = 0;
  words >> number;
  ask(server, requests_.at(number));
}

void Script::session(std::istream& words) {
  const kv::OpenSession open{{.client = node_of(words)}};
  run_->world().inject(NodeId{run_->world().nodes()}, {}, open);
  run_for({});
}

// --- what is printed

void Script::quiet(std::istream&) { printer_->quiet = true; }
void Script::loud(std::istream&) { printer_->quiet = false; }

void Script::state(std::istream&) {
  const World& world = run_->world();
  for (std::uint32_t n = 1; n <= world.servers(); ++n) {
    printer_->output += fmt::format("n{} {}\n", n, describe_(world, NodeId{n}));
  }
}

void Script::clocks(std::istream&) {
  const World& world = run_->world();
  for (std::uint32_t n = 1; n <= world.servers(); ++n) {
    printer_->output += fmt::format("n{} {:+} ppm\n", n, world.clock({n}).drift_ppb / 1000);
  }
}

void Script::protocols_own(const std::string& name, std::istream& words) {
  World& world = run_->world();
  if (const auto found = commands_.find(name); found != commands_.end()) {
    found->second(world, node_of(words));
    return run_for({});
  }
  for (const ProtocolAction& action : protocol_.actions) {
    if (action.name != name) continue;
    const std::vector<NodeId> asked = action.act(world, nodes_of(words));
    if (asked.empty()) printer_->output += "nobody was asked\n";
    return run_for({});
  }
  throw std::runtime_error("unknown command: " + name);
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

std::string run_or_say_why(Script& script, const std::string& command) {
  try {
    return script.run(command);
  } catch (const std::exception& wrong) {
    ADD_FAILURE() << "'" << command << "': " << wrong.what();
    return "";
  }
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
      const std::string output = run_or_say_why(script, command.substr(0, command.find('#')));
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
