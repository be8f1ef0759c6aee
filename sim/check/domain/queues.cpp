#include <fmt/format.h>

#include <algorithm>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

struct Message {
  std::uint32_t enqueue = kNone;
  std::uint32_t dequeue = kNone;
  std::uint32_t attempts = 0;  // that did not fail
  std::uint32_t acknowledged = 0;
  std::uint32_t dequeued = 0;
};

class Messages {
 public:
  explicit Messages(const Recorded& recorded) {
    for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
      const RecordedOp& op = recorded.operations[i];
      if (op.is("enqueue")) {
        Message& m = message(op.value);
        if (m.enqueue == kNone || op.ok()) m.enqueue = i;
        m.attempts += op.failed() ? 0U : 1U;
        m.acknowledged += op.ok() ? 1U : 0U;
      } else if (op.is("dequeue")) {
        if (op.ok() && !op.value.is_nil()) take(i, op.value);
      } else if (op.is("drain")) {
        if (op.ok()) {
          for (const Value& v : op.value.items()) take(i, v);
        }
      } else {
        detail::refuse_function(op, "queue", ":enqueue, :dequeue and :drain");
      }
    }
  }
  const ValueNumbers& numbers() const { return numbers_; }
  const std::vector<Message>& all() const { return messages_; }

 private:
  Message& message(const Value& v) {
    const std::uint32_t number = numbers_.of(v);
    if (number == messages_.size()) messages_.emplace_back();
    return messages_[number];
  }
  void take(std::uint32_t i, const Value& v) {
    Message& m = message(v);
    m.dequeue = i;
    ++m.dequeued;
  }

  ValueNumbers numbers_;
  std::vector<Message> messages_;
};

/// a was enqueued before b, and b dequeued before a: by a sweep over the enqueues, with the one
/// that was dequeued last among those that had returned.
void find_reordered(const Recorded& recorded, const Messages& messages, Findings& findings) {
  std::vector<const Message*> by_invocation;
  for (const Message& m : messages.all()) {
    const bool once = m.attempts == 1 && m.acknowledged == 1 && m.dequeued == 1;
    if (once && recorded.operations[m.dequeue].is("dequeue")) by_invocation.push_back(&m);
  }
  std::vector<const Message*> by_return = by_invocation;
  const auto enqueue = [&](const Message* m) -> const RecordedOp& {
    return recorded.operations[m->enqueue];
  };
  const auto dequeue = [&](const Message* m) -> const RecordedOp& {
    return recorded.operations[m->dequeue];
  };
  std::sort(by_invocation.begin(), by_invocation.end(), [&](const Message* a, const Message* b) {
    return enqueue(a).invoked < enqueue(b).invoked;
  });
  std::sort(by_return.begin(), by_return.end(), [&](const Message* a, const Message* b) {
    return enqueue(a).returned < enqueue(b).returned;
  });
  const Message* latest = nullptr;
  std::size_t returned = 0;
  for (const Message* b : by_invocation) {
    for (; returned < by_return.size(); ++returned) {
      const Message* a = by_return[returned];
      if (enqueue(a).returned > enqueue(b).invoked) break;
      if (latest == nullptr || dequeue(a).invoked > dequeue(latest).invoked) latest = a;
    }
    if (latest == nullptr || dequeue(latest).invoked < dequeue(b).returned) continue;
    findings.add("reordered",
                 fmt::format("{} was enqueued before {}, and dequeued after it",
                             to_text(enqueue(latest).value, 30), to_text(enqueue(b).value, 30)),
                 {latest->enqueue, b->enqueue, b->dequeue, latest->dequeue});
  }
}

}  // namespace

CheckReport check_queue(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  const Messages messages(recorded);
  std::uint64_t recovered = 0;
  for (std::uint32_t n = 0; n < messages.all().size(); ++n) {
    const Message& m = messages.all()[n];
    const std::string name = to_text(messages.numbers()[n], 30);
    if (m.dequeued > 0 && m.attempts == 0) {
      findings.add("unexpected", fmt::format("{} was dequeued, and nobody enqueued it", name),
                   {m.dequeue});
    } else if (m.dequeued > m.attempts) {
      findings.add("duplicated",
                   fmt::format("{} was enqueued {} times and dequeued {} times", name, m.attempts,
                               m.dequeued),
                   {m.enqueue, m.dequeue});
    } else if (m.dequeued < m.acknowledged) {
      findings.add("lost", fmt::format("{} was acknowledged, and never dequeued", name),
                   {m.enqueue});
    } else if (m.dequeued > m.acknowledged) {
      ++recovered;
    }
  }
  find_reordered(recorded, messages, findings);
  findings.note("recovered", fmt::format("{} that nobody acknowledged", recovered));
  return std::move(findings).report();
}

CheckReport check_unique_ids(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  ValueNumbers ids;
  std::vector<std::uint32_t> first;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (!op.is("generate")) detail::refuse_function(op, "generator of ids", ":generate");
    if (!op.ok()) continue;
    const std::uint32_t id = ids.of(op.value);
    if (id == first.size()) {
      first.push_back(i);
    } else {
      findings.add("duplicated", fmt::format("{} was given twice", to_text(op.value, 30)),
                   {first[id], i});
    }
  }
  return std::move(findings).report();
}

CheckReport check_convergence(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  std::vector<std::pair<std::int64_t, std::uint32_t>> last;  // process, its last read
  std::uint64_t changed = 0;                                 // when a change was last under way
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (!op.is("read")) {
      if (!op.failed() && op.completed != RecordedOp::kNever) {
        changed = std::max(changed, op.completed);
      }
      changed = std::max(changed, op.invoked);
    } else if (op.ok()) {
      last.emplace_back(op.process, i);
    }
  }
  std::erase_if(
      last, [&](const auto& read) { return recorded.operations[read.second].invoked < changed; });
  if (last.empty()) {
    findings.undecided("nobody read after the last change");
    return std::move(findings).report();
  }
  const std::uint32_t one = last.front().second;
  for (const auto& [process, read] : last) {
    if (recorded.operations[read].value == recorded.operations[one].value) continue;
    findings.add("diverged",
                 fmt::format("process {} read {}, and process {} read {}", last.front().first,
                             to_text(recorded.operations[one].value, 40), process,
                             to_text(recorded.operations[read].value, 40)),
                 {one, read});
  }
  return std::move(findings).report();
}

}  // namespace seedbed::domain
