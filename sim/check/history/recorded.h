// A history that was recorded somewhere: operations, each put together from its invocation and its
// completion, in Jepsen's words. What every check of `seedbed check` begins with.
//
//   const Recorded h = read_history(text, "jepsen-edn");          // throws BadHistory
//   for (const RecordedOp& op : h.operations) {
//     if (op.completion == Completion::kOk && op.is("read")) saw(op.value);
//   }
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/history/value.h"
#include "sim/world/history.h"

namespace seedbed::history {

/// Invocation and completion, as far as they are there. Positions order all ends of a history;
/// kNever: it may take effect at any time after its invocation, or never.
struct RecordedOp {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  static constexpr std::int64_t kNoTime = -1;

  Value function;  // nil where nobody said
  Value key;       // of a service with keys; nil elsewhere
  Value value;     // the completion's if it came, else the invocation's
  std::int64_t process = 0;
  std::uint64_t invoked = 0;
  std::uint64_t returned = kNever;
  std::uint64_t completed = kNever;     // where its completion stands, which an info one has, too
  std::int64_t invoked_time = kNoTime;  // nanoseconds
  std::int64_t returned_time = kNoTime;
  Completion completion = Completion::kInfo;

  bool is(std::string_view name) const { return function.is(name); }
  bool ok() const { return completion == Completion::kOk; }
  bool failed() const { return completion == Completion::kFail; }
  /// Where it stands in the text.
  std::uint64_t offset() const { return function.offset(); }
};

struct Recorded {
  std::vector<RecordedOp> operations;                        // in the order of invocation
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();  // of their values
  /// A cas that failed found another value, and a read of nil saw the initial one: so etcd's logs.
  bool failures_tell = false;
  /// A service of texts, which are empty in the beginning.
  bool texts = false;
};

struct Format {
  std::string_view name;
  std::string_view about;
  Recorded (*read)(std::string_view text);
};
/// Those of single operations. Transactions know more (transactions/).
std::span<const Format> formats();
/// The name of the format that a text is plainly in; "" where it is in none.
std::string_view guess_format(std::string_view text);

/// `format` is one of formats(). Throws BadHistory.
Recorded read_history(std::string_view text, std::string_view format);
/// From op maps that were read already: the items of a list, say.
Recorded read_operations(std::span<const Value> maps);

/// "process 3: cas [1 2], ok" for people.
std::string to_text(const RecordedOp& op);

}  // namespace seedbed::history
