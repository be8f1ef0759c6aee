#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/base/flat_map.h"
#include "sim/check/transactions/readers.h"

namespace seedbed::txn {

using history::BadHistory;
using history::Value;

namespace {

/// A key or a value as text; a keyword and a string of the same letters are the same.
class Text {
 public:
  explicit Text(const Value& v) {
    if (v.is_integer()) {
      const auto end = std::to_chars(digits_.data(), digits_.data() + digits_.size(), v.integer());
      view_ = {digits_.data(), static_cast<std::size_t>(end.ptr - digits_.data())};
    } else if (v.is_text()) {
      view_ = v.text();
    } else {
      longer_ = history::to_text(v, 1000);
      view_ = longer_;
    }
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  operator std::string_view() const { return view_; }

 private:
  std::array<char, 24> digits_{};
  std::string longer_;
  std::string_view view_;
};

class JepsenReader {
 public:
  explicit JepsenReader(const JepsenOptions& options)
      : options_(options),
        history_(
            {.model = options.model, .initial = options.initial, .timed = true, .partial = true}) {}

  void read(const Value& op);
  History finish();

 private:
  struct Invoked {
    std::uint64_t at = 0;
    std::uint64_t offset = 0;
    bool open = false;
    std::vector<std::pair<std::string, std::string>> writes;
  };

  void complete(const Value& op, std::optional<std::uint64_t> process, Outcome outcome);
  void give_up(Invoked& invoked, std::uint64_t process, Outcome outcome);
  /// Calls `mop(is_write, key, value)` for each of the transaction.
  template <class Visit>
  void for_each_mop(const Value& op, const Visit& visit) const;
  void read_mop(const Value& key, const Value& value);
  Id session_of(std::optional<std::uint64_t> process);

  JepsenOptions options_;
  History history_;
  FlatMap<std::uint64_t, Invoked> invoked_;  // by process
  FlatMap<std::uint64_t, Id> session_;       // by process
  Id sessions_ = 0;
  std::uint64_t position_ = 0;  // of the present map
  bool any_invoked_ = false;
};

Id JepsenReader::session_of(std::optional<std::uint64_t> process) {
  if (!process || options_.session_per_line) return sessions_++;
  const auto known = session_.find(*process);
  if (known != session_.end()) return known->second;
  return session_[*process] = sessions_++;
}

template <class Visit>
void JepsenReader::for_each_mop(const Value& op, const Visit& visit) const {
  const Value* mops = op.get("value");
  if (mops == nullptr || mops->is_nil()) return;
  if (!mops->is_list()) {
    throw BadHistory(*mops, fmt::format("{} is no list of operations", history::to_text(*mops)));
  }
  const std::string_view write = options_.model == Model::kList ? "append" : "w";
  const Value nothing{};
  for (const Value& mop : mops->items()) {
    const auto parts = mop.items();
    if (!mop.is_list() || parts.size() < 2 || parts.size() > 3 ||
        (!parts[0].is("r") && !parts[0].is(write)) ||
        (parts[0].is(write) && (parts.size() < 3 || parts[2].is_nil()))) {
      throw BadHistory(mop, fmt::format("{} is neither [:{} key value] nor [:r key value]",
                                        history::to_text(mop), write));
    }
    visit(parts[0].is(write), parts[1], parts.size() == 3 ? parts[2] : nothing);
  }
}

void JepsenReader::read_mop(const Value& key, const Value& value) {
  if (options_.model == Model::kRegister) {
    history_.read(Text(key), value.is_nil() ? std::string_view(options_.initial) : Text(value));
    return;
  }
  if (!value.is_nil() && !value.is_list()) {
    throw BadHistory(value, fmt::format("{} is no list", history::to_text(value)));
  }
  std::vector<std::string> texts;
  for (const Value& item : value.items()) texts.emplace_back(std::string_view(Text(item)));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  history_.read_list(Text(key), views);
}

/// What was written is all that is known of it.
void JepsenReader::give_up(Invoked& invoked, std::uint64_t process, Outcome outcome) {
  history_.begin({.session = session_of(process),
                  .outcome = outcome,
                  .invoked = invoked.at,
                  .offset = invoked.offset});
  for (const auto& [key, value] : invoked.writes) history_.write(key, value);
  invoked.open = false;
}

void JepsenReader::complete(const Value& op, std::optional<std::uint64_t> process,
                            Outcome outcome) {
  Transaction t{.outcome = outcome, .invoked = 0, .returned = position_, .offset = op.offset()};
  if (process) {
    Invoked& invoked = invoked_[*process];
    const Value* value = op.get("value");
    if (invoked.open && (value == nullptr || value->is_nil())) {
      return give_up(invoked, *process,
                     outcome == Outcome::kOk ? Outcome::kIndeterminate : outcome);
    }
    if (invoked.open) t.invoked = invoked.at;
    invoked.open = false;
  }
  t.session = session_of(process);
  history_.begin(t);
  for_each_mop(op, [&](bool write, const Value& key, const Value& value) {
    if (write) {
      history_.write(Text(key), Text(value));
    } else if (outcome == Outcome::kOk) {
      read_mop(key, value);
    }
  });
}

void JepsenReader::read(const Value& op) {
  ++position_;
  const Value* process = op.get("process");
  if (process != nullptr && !process->is_nil() && !process->is_integer()) return;
  std::optional<std::uint64_t> number;
  if (process != nullptr && process->is_integer()) {
    number = static_cast<std::uint64_t>(process->integer());
  }
  const Value* type = op.get("type");
  if (type == nullptr) history::refuse_untyped(op);
  if (type->is("ok")) return complete(op, number, Outcome::kOk);
  if (type->is("fail")) return complete(op, number, Outcome::kAborted);
  if (type->is("info")) return complete(op, number, Outcome::kIndeterminate);
  if (!type->is("invoke")) {
    throw BadHistory(
        *type, fmt::format("{} is none of :invoke, :ok, :fail and :info", history::to_text(*type)));
  }
  any_invoked_ = true;
  if (!number) return;
  Invoked& invoked = invoked_[*number];
  if (invoked.open) give_up(invoked, *number, Outcome::kIndeterminate);
  invoked = {.at = position_, .offset = op.offset(), .open = true, .writes = {}};
  for_each_mop(op, [&](bool write, const Value& key, const Value& value) {
    if (write) invoked.writes.emplace_back(Text(key), Text(value));
  });
}

History JepsenReader::finish() {
  for (auto& [process, invoked] : invoked_) {
    if (invoked.open) give_up(invoked, process, Outcome::kIndeterminate);
  }
  return std::move(history_);
}

}  // namespace

History read_jepsen(std::string_view text, history::Syntax syntax, const JepsenOptions& options) {
  JepsenReader reader(options);
  history::for_each_map(text, syntax, [&](const Value& op) { reader.read(op); });
  return reader.finish();
}

History read_jepsen(std::span<const Value> maps, const JepsenOptions& options) {
  JepsenReader reader(options);
  for (const Value& op : maps) reader.read(op);
  return reader.finish();
}

}  // namespace seedbed::txn
