#include "sim/check/history/recorded.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/check/history/map_reader.h"

namespace seedbed::history {

namespace {

/// Pairs invocations with completions, process by process.
class Pairing {
 public:
  void add(const Value& map) {
    position_ += 2;
    const Value* process = map.get("process");
    if (process != nullptr && !process->is_integer()) return;  // :nemesis
    const Value* type = map.get("type");
    if (type == nullptr) refuse_untyped(map);
    if (type->is("invoke")) return invoke(map, process);
    if (type->is("ok")) return complete(map, process, Completion::kOk);
    if (type->is("fail")) return complete(map, process, Completion::kFail);
    if (type->is("info")) return complete(map, process, Completion::kInfo);
    throw BadHistory(*type, fmt::format(":type is {}; there are :invoke, :ok, :fail and :info",
                                        history::to_text(*type, 30)));
  }

  Recorded take() {
    // A completion without an invocation may have begun before what stands above it.
    std::stable_sort(
        recorded_.operations.begin(), recorded_.operations.end(),
        [](const RecordedOp& a, const RecordedOp& b) { return a.invoked < b.invoked; });
    return std::move(recorded_);
  }

 private:
  struct Process {
    std::size_t open = kNone;         // its operation
    std::uint64_t last_position = 0;  // of its last completion
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  static std::int64_t time_of(const Value& map) {
    const Value* time = map.get("time");
    return time != nullptr && time->is_integer() ? time->integer() : RecordedOp::kNoTime;
  }
  /// A function's name is kept once.
  Value function_of(const Value& map) {
    const Value* f = map.get("f");
    Value name = f == nullptr ? Value() : *f;
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known == names_.end()) {
      name = recorded_.arena->copy(name);
      if (names_.size() < kNames) names_.push_back(name);
    } else {
      name = *known;
    }
    name.set_offset(map.offset());
    return name;
  }
  Value kept(const Value& map, std::string_view key) {
    const Value* value = map.get(key);
    return value == nullptr ? Value() : recorded_.arena->copy(*value);
  }

  RecordedOp& begin(const Value& map, std::int64_t process, std::uint64_t invoked) {
    RecordedOp& op = recorded_.operations.emplace_back();
    op.function = function_of(map);
    op.key = kept(map, "key");
    op.value = kept(map, "value");
    op.process = process;
    op.invoked = invoked;
    op.invoked_time = time_of(map);
    return op;
  }

  void invoke(const Value& map, const Value* process) {
    if (process == nullptr) return;  // its completion says all that can be known
    Process& p = processes_[process->integer()];
    if (p.open != kNone) {
      throw BadHistory(map, fmt::format("process {} begins an operation before its last one is "
                                        "over",
                                        process->integer()));
    }
    p.open = recorded_.operations.size();
    begin(map, process->integer(), position_);
  }

  void complete(const Value& map, const Value* process, Completion completion) {
    // Without a process each is one of its own, and all that is known of its time is this.
    Process nobody;
    Process& p = process == nullptr ? nobody : processes_[process->integer()];
    const std::int64_t name = process == nullptr ? --unnamed_ : process->integer();
    if (p.open == kNone) {
      p.open = recorded_.operations.size();
      begin(map, name, process == nullptr ? position_ - 1 : p.last_position + 1);
    }
    RecordedOp& op = recorded_.operations[p.open];
    p.open = kNone;
    p.last_position = position_;
    op.completion = completion;
    op.completed = position_;
    if (completion != Completion::kInfo) op.returned = position_;
    op.returned_time = time_of(map);
    if (map.get("f") != nullptr && op.function.is_nil()) op.function = function_of(map);
    if (map.get("key") != nullptr && op.key.is_nil()) op.key = kept(map, "key");
    const Value* value = map.get("value");
    const bool says = value != nullptr && !value->is_nil();
    if (completion == Completion::kOk ? value != nullptr : says && op.value.is_nil()) {
      op.value = kept(map, "value");
    }
  }

  static constexpr std::size_t kNames = 256;

  Recorded recorded_;
  std::map<std::int64_t, Process> processes_;
  std::vector<Value> names_;
  std::uint64_t position_ = 0;
  std::int64_t unnamed_ = 0;
};

Recorded read_maps(std::string_view text, Syntax syntax) {
  Pairing pairing;
  for_each_map(text, syntax, [&](const Value& map) { pairing.add(map); });
  return pairing.take();
}

Recorded read_jepsen_edn(std::string_view text) { return read_maps(text, Syntax::kEdn); }
Recorded read_jepsen_json(std::string_view text) { return read_maps(text, Syntax::kJson); }

Recorded read_kv_log(std::string_view text) {
  Recorded recorded = read_maps(text, Syntax::kEdn);
  recorded.texts = true;
  return recorded;
}

/// "INFO  jepsen.util - 3   :invoke :cas    [1 2]": the rest of a line as an op map.
void read_etcd_line(std::string_view line, std::uint64_t offset, Pairing& pairing) {
  const std::size_t dash = line.find(" - ");
  if (dash == std::string_view::npos) {
    throw BadHistory(offset, "expected 'INFO  jepsen.util - PROCESS :TYPE :FUNCTION VALUE'");
  }
  std::string map = "{:process ";
  constexpr std::string_view kKeys[] = {" :type ", " :f ", " :value "};
  std::size_t words = 0;
  std::size_t at = dash + 3;
  for (const std::string_view key : kKeys) {
    at = std::min(line.find_first_not_of(" \t", at), line.size());
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    if (end > at) ++words;
    map += line.substr(at, end - at);
    map += key;
    at = end;
  }
  if (words < 3) {
    throw BadHistory(offset + line.size(), "expected PROCESS :TYPE :FUNCTION VALUE");
  }
  map += line.substr(at);
  map += '}';
  try {
    for_each_map(map, Syntax::kEdn, [&](const Value& op) {
      Value placed = op;
      placed.set_offset(offset);
      pairing.add(placed);
    });
  } catch (const BadHistory& e) {
    throw BadHistory(offset, e.what());
  }
}

Recorded read_etcd_log(std::string_view text) {
  Pairing pairing;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos) read_etcd_line(line, at, pairing);
    at = end + 1;
  }
  Recorded recorded = pairing.take();
  recorded.failures_tell = true;
  return recorded;
}

constexpr Format kFormats[] = {
    {"jepsen-edn", "op maps in EDN, one a line or all in one vector", read_jepsen_edn},
    {"jepsen-json", "the same in JSON", read_jepsen_json},
    {"etcd-log", "lines 'INFO  jepsen.util - PROCESS :TYPE :FUNCTION VALUE' of one register",
     read_etcd_log},
    {"kv-log", "op maps in EDN with a :key, of texts: :get, :put, :append", read_kv_log},
};

}  // namespace

std::span<const Format> formats() { return kFormats; }

std::string_view guess_format(std::string_view text) {
  while (text.starts_with("# ")) {  // Plume's comments
    text.remove_prefix(std::min(text.size(), text.find('\n')));
    text.remove_prefix(std::min(text.size(), text.find_first_not_of("\r\n")));
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n,");
  if (first == std::string_view::npos) return "jepsen-edn";  // of nothing
  const std::string_view begin = text.substr(first, 2000);
  if (begin.starts_with("INFO ")) return "etcd-log";
  if (begin.starts_with("r(") || begin.starts_with("w(")) return "plume";
  if (begin.starts_with("r ") || begin.starts_with("w ")) return "awdit";
  if (text.size() >= 8 && text.substr(0, 8).find('\0') != std::string_view::npos) return "dbcop";
  if (std::string_view("{[(;#").find(begin.front()) == std::string_view::npos) return "";
  const std::size_t inner = begin.find_first_not_of("{[( \t\r\n");
  if (inner != std::string_view::npos && begin[inner] == '"') return "jepsen-json";
  const bool keys = begin.find(":key ") != std::string_view::npos;
  const bool texts = begin.find(":f :append") != std::string_view::npos ||
                     begin.find(":f :get") != std::string_view::npos ||
                     begin.find(":f :put") != std::string_view::npos;
  return keys && texts ? "kv-log" : "jepsen-edn";
}

Recorded read_history(std::string_view text, std::string_view format) {
  for (const Format& f : kFormats) {
    if (f.name == format) return f.read(text);
  }
  throw BadHistory(0, fmt::format("no history of single operations is in the format {}", format));
}

Recorded read_operations(std::span<const Value> maps) {
  Pairing pairing;
  for (const Value& map : maps) pairing.add(map);
  return pairing.take();
}

std::string to_text(const RecordedOp& op) {
  const std::string key = op.key.is_nil() ? "" : " " + to_text(op.key, 20);
  return fmt::format("process {}: {}{} {}, {}", op.process,
                     op.function.is_nil() ? "?" : op.function.text(), key, to_text(op.value, 60),
                     name_of(op.completion));
}

}  // namespace seedbed::history
