// What the clients saw, in true time: who invoked what when, and what came back, if anything. The
// checkers read it; nothing in the simulation does. Both ends lie in shared chunks, so copying the
// history of a long run costs next to nothing.
//
// Operations of the kv service are commands; those of any other service a function and a value as
// EDN, in the words of the check that judges them.
//
//   OperationId id = history.invoke(now, client, {kv::Function::kWrite, key, value});
//   OperationId id = history.invoke(now, client, "transfer", "{:from 0, :to 1, :amount 5}");
//   history.complete(later, id, Completion::kOk);
//   for (const Operation& op : history.operations()) ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/shared_log.h"
#include "sim/base/time.h"
#include "sim/world/kv.h"

namespace seedbed {

/// Jepsen's words: it happened; it did not; nobody knows (it may still happen at any later time).
enum class Completion : std::uint8_t { kOk, kFail, kInfo };
constexpr std::string_view name_of(Completion c) {
  constexpr std::string_view kNames[] = {"ok", "fail", "info"};
  return kNames[static_cast<std::uint8_t>(c)];
}

/// Counts from 0 in the order of invocation.
using OperationId = std::uint64_t;

/// An operation from both ends. `invoked` and `returned` are positions in the history: a total
/// order that agrees with true time. An operation that is `kInfo` has no return: kNever.
struct Operation {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  OperationId id = 0;
  NodeId client;
  kv::Command command;
  Completion completion = Completion::kInfo;
  kv::Value result = kv::kNil;  // what a read saw, or a mismatched cas found
  std::string_view function;    // what is asked for, of every service
  std::string_view asked;       // of another service than kv: the value in the invocation,
  std::string_view answered;    // and in the completion, or ""; both lie in the history
  bool about_key = false;       // what is asked is the key that the operation is about
  std::uint64_t invoked = 0;
  std::uint64_t returned = kNever;
  Time invoked_at;
  Time returned_at = Time::never();
};

class History {
 public:
  OperationId invoke(Time now, NodeId client, const kv::Command& command);
  /// Of another service than kv; all operations of a run are of the same. `function` outlives it.
  /// `command` is for who writes its operations down one by one.
  OperationId invoke(Time now, NodeId client, std::string_view function, std::string value,
                     const kv::Command& command = {});
  /// The same of an operation about a key, and nothing but the key is asked.
  OperationId invoke_about(Time now, NodeId client, std::string_view function, std::string key);
  /// What nobody asked for, and checks must know: a server booted, or stopped. `function` is a
  /// literal.
  void note(Time now, std::string_view function, NodeId node);
  /// Each operation completes at most once. `result` is what a read saw.
  void complete(Time now, OperationId id, Completion completion, kv::Value result = kv::kNil);
  /// Of another service: the value that came back; "": none did.
  void complete(Time now, OperationId id, Completion completion, std::string value);
  /// Its operations are texts, not commands.
  bool of_texts() const { return !asked_.empty(); }

  std::size_t invocations() const { return invocations_.size(); }
  std::size_t count(Completion c) const { return completed_[static_cast<std::size_t>(c)]; }

  /// What came in of late, for those who follow: the i-th invocation and the i-th completion, from
  /// 0.
  struct Invoked {
    NodeId client;
    std::string_view function;
  };
  struct Completed {
    NodeId client;
    std::string_view function;
    Completion completion = Completion::kInfo;
  };
  struct Change {
    Time time;
    std::string_view function;
    NodeId node;
  };
  const SharedLog<Change>& changes() const { return changes_; }
  Invoked invoked(std::size_t i) const;
  Completed completed(std::size_t i) const;
  std::size_t completions() const { return returns_.last_index(); }

  /// All operations by id; one without a completion counts as kInfo.
  std::vector<Operation> operations() const;

 private:
  struct Invocation {
    std::uint64_t position = 0;  // in the history: among invocations and returns
    Time time;
    NodeId client;
    kv::Command command;
  };
  struct Return {
    std::uint64_t position = 0;
    Time time;
    OperationId id = 0;
    kv::Value result = kv::kNil;
    Completion completion = Completion::kInfo;
  };
  struct Asked {
    std::string_view function;
    std::string value;
    bool about_key = false;
  };
  std::string_view function(OperationId id) const {
    return of_texts() ? asked_[id + 1].function : name_of(invocations_[id + 1].command.function);
  }
  std::uint64_t next_position() const { return invocations_.size() + returns_.size() + 1; }

  SharedLog<Invocation> invocations_;  // operation 0 at index 1
  SharedLog<Return> returns_;
  SharedLog<Asked> asked_;           // beside invocations_; none of the kv service
  SharedLog<std::string> answered_;  // beside returns_
  SharedLog<Change> changes_;        // what was noted
  std::size_t completed_[3] = {0, 0, 0};
};

}  // namespace seedbed
