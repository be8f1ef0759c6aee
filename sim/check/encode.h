// Recorded operations as the acts of a model: who can say what, and what it means. One function for
// each model; linear_checks.cpp makes checks of them.
//
//   std::vector<Part<Stack>> parts = encode_stack(recorded, options);    // throws BadHistory
#pragma once

#include <string_view>
#include <vector>

#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"
#include "sim/check/history/value_numbers.h"
#include "sim/check/judge_parts.h"
#include "sim/check/kv_texts.h"
#include "sim/check/models.h"

namespace seedbed {

/// `with_cas`: else a cas is an error. Reads of nil say nothing, unless failures tell.
std::vector<Part<RegisterCells>> encode_registers(const history::Recorded& recorded,
                                                  const CheckOptions& options, bool with_cas);
/// By key. Every key is a register, but those to which something is appended.
struct KvParts {
  std::vector<Part<RegisterCells>> registers;
  std::vector<Part<TextCell>> texts;
};
KvParts encode_kv(const history::Recorded& recorded, const CheckOptions& options,
                  std::string_view only);

std::vector<Part<Registers>> encode_multi_register(const history::Recorded& recorded,
                                                   const CheckOptions& options);
std::vector<Part<SetOfValues>> encode_set(const history::Recorded& recorded,
                                          const CheckOptions& options);
std::vector<Part<FifoQueue>> encode_queue(const history::Recorded& recorded,
                                          const CheckOptions& options);
std::vector<Part<Bag>> encode_bag(const history::Recorded& recorded, const CheckOptions& options);
std::vector<Part<Stack>> encode_stack(const history::Recorded& recorded,
                                      const CheckOptions& options);
std::vector<Part<Counter>> encode_counter(const history::Recorded& recorded,
                                          const CheckOptions& options);
std::vector<Part<Lock>> encode_mutex(const history::Recorded& recorded,
                                     const CheckOptions& options);
std::vector<Part<Lock>> encode_lock(const history::Recorded& recorded, const CheckOptions& options);
std::vector<Part<Lock>> encode_fenced_lock(const history::Recorded& recorded,
                                           const CheckOptions& options);
std::vector<Part<OffsetLog>> encode_log(const history::Recorded& recorded,
                                        const CheckOptions& options);
std::vector<Part<IdGenerator>> encode_ids(const history::Recorded& recorded,
                                          const CheckOptions& options);

namespace detail {

/// "':push' is no operation of a queue: there are :enqueue and :dequeue", where it stands.
[[noreturn]] void refuse_function(const history::RecordedOp& op, std::string_view model,
                                  std::string_view known);
/// "a cas wants [old new]; found 7".
[[noreturn]] void refuse_value(const history::RecordedOp& op, std::string_view wanted);
/// --init, or nil. Kept in the history's arena. Throws BadHistory for what is no EDN.
history::Value initial_value(const history::Recorded& recorded, const CheckOptions& options);

}  // namespace detail

}  // namespace seedbed
