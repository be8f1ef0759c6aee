// A history of transactions, compact: flat arrays of numbers, whatever it was read from. Keys and
// the values of each key are numbered as they come; a *version* is a value of a key. In
// `list-append` a write appends one value, and a read returns a list of them; in `rw-register` both
// name one value (Kingsbury & Alvaro 2020, "Elle"; Biswas & Enea 2019).
//
//   History history({.model = Model::kRegister, .initial = "0"});
//   history.begin({.session = 1});
//   history.write("x", "1");
//   history.read("y", "0");                     // y's initial value
//   Judgement j = check_transactions(history, *level_named("serializable"), {});   // judge.h
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/transactions/names.h"

namespace seedbed::txn {

using Id = std::uint32_t;  // of a transaction, a key, a version: positions in the history's arrays
constexpr Id kNone = std::numeric_limits<Id>::max();

enum class Model : std::uint8_t { kRegister, kList };

enum class Outcome : std::uint8_t {
  kOk,
  kAborted,        // none of its writes may be seen
  kIndeterminate,  // it happened if somebody saw it; what it read is not known
};

enum class Action : std::uint8_t { kRead, kWrite };

/// One operation of a transaction. `value` is a version, or for a read of a list the number of the
/// list (History::list).
struct Access {
  Action action = Action::kRead;
  Id key = 0;
  Id value = 0;
};

struct Transaction {
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  Id session = 0;
  Outcome outcome = Outcome::kOk;
  std::uint64_t invoked = 0;  // positions in real time, where the history has any
  std::uint64_t returned = kNever;
  std::uint64_t offset = 0;  // where it stands in the text, in bytes
  Id first = 0;              // of its accesses; set by History
  Id count = 0;
};

class History {
 public:
  struct Options {
    Model model = Model::kRegister;
    /// The text of every register's initial value; "" where none can be read (AWDIT).
    std::string initial = "nil";
    /// `invoked` and `returned` mean something.
    bool timed = false;
    /// Values that no transaction wrote came from outside: from one that is not in the history, as
    /// Elle has it. Otherwise they came out of thin air.
    bool partial = false;
  };

  explicit History(Options options) : options_(std::move(options)) {}

  /// The accesses that follow are the transaction's, in program order. Transactions of one session
  /// begin in session order.
  void begin(Transaction t);
  void write(std::string_view key, std::string_view value);
  void read(std::string_view key, std::string_view value);
  void read_list(std::string_view key, std::span<const std::string_view> values);

  const Options& options() const { return options_; }
  std::size_t size() const { return transactions_.size(); }
  std::size_t keys() const { return keys_.size(); }
  std::size_t versions() const { return versions_.size(); }
  std::size_t operations() const { return accesses_.size(); }
  const Transaction& operator[](Id t) const { return transactions_[t]; }
  std::span<const Access> accesses(Id t) const {
    return std::span(accesses_).subspan(transactions_[t].first, transactions_[t].count);
  }
  std::span<const Id> list(Id number) const {
    const std::size_t begin = number == 0 ? 0 : list_ends_[number - 1];
    return std::span(elements_).subspan(begin, list_ends_[number] - begin);
  }
  Id key_of(Id version) const { return versions_.scope(version); }
  /// The version that a key begins with: a list's is the empty one, and a register's the initial.
  Id initial(Id key) const { return initial_[key]; }
  bool is_initial(Id version) const { return initial_[key_of(version)] == version; }
  std::string_view key_name(Id key) const { return keys_.text(key); }
  std::string_view value_name(Id version) const { return versions_.text(version); }

 private:
  Id key_named(std::string_view name);
  void add(Action action, Id key, Id value);

  Options options_;
  Names keys_;
  Names versions_;  // within a key
  std::vector<Id> initial_;
  std::vector<Transaction> transactions_;
  std::vector<Access> accesses_;
  std::vector<Id> elements_;  // of all lists
  std::vector<std::size_t> list_ends_;
};

/// "T3": by its number, from 1.
std::string name_of(const History& history, Id t);
/// An access as it is written in histories: "r x [1 2]", "append x 3", "w x 1".
std::string text_of(const History& history, const Access& access);

}  // namespace seedbed::txn
