// A cycle told so that a person can follow it: in a sentence, and as a small picture of the
// transactions in it and of what leads from each to the next.
//
//   T1  append x 1, r y []
//    | rw: it read y as it was before T2 wrote it
//    v
//   T2  append y 1, r x []
//    | rw: it read x as it was before T1 wrote it
//    v
//   T1
#pragma once

#include <span>
#include <string>

#include "sim/check/transactions/facts.h"
#include "sim/check/transactions/history.h"

namespace seedbed::txn {

std::string_view name_of(Edge edge);
/// "T1 -rw(y)-> T2 -rw(x)-> T1"
std::string explain_cycle(const History& history, std::span<const Step> cycle);
/// A transaction's operations; of a long one, those on the keys in question.
std::string text_of(const History& history, Id t, std::span<const Id> keys);
std::string picture_of(const History& history, const Anomaly& anomaly);

}  // namespace seedbed::txn
