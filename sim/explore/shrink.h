// From a failing run to the smallest scenario that fails in the same way. Three steps, each of
// which only ever replaces a scenario that fails by a smaller one that fails:
//
// 1. simplify: what is drawn gets less (no clock drift, a constant latency, fewer nodes and faults,
// a
//    shorter run), under whichever of some seeds still fails;
// 2. write_down: the faults and operations of that very run, as lists, which get as short as they
//    can (delta debugging), and their values round;
// 3. decide: the same of the fates of its messages, so that nothing about these is drawn any more.
//
//   Reproduction r{file, tree, seed};
//   r = smallest(simplify(r, failing), failing);
//   std::cout << document_of(r);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sim/explore/reproduction.h"

namespace seedbed {

/// The first of the candidates 0 to count - 1 that fails in the same way; nothing where none does,
/// or there is no time left. `make` gives null for what is no scenario; it may be called in another
/// process.
using Failing = std::function<std::optional<std::size_t>(
    std::size_t count, const std::function<std::shared_ptr<const Scenario>(std::size_t)>& make)>;

/// Whether it fails so. A mutant must do what the protocol as it should be does not: else the
/// failure is none of its rule's.
bool fails_so(const std::shared_ptr<const Scenario>& scenario, std::uint64_t fingerprint);

Reproduction simplify(Reproduction start, const Failing& failing);
/// With so few operations, under whichever of many seeds still fails; else as it is.
Reproduction tighten(Reproduction drawn, std::size_t operations, const Failing& failing);
/// The faults and operations of its run as lists; nothing where that does not fail any more.
std::optional<Reproduction> write_down(const Reproduction& drawn, const Failing& failing);
/// And what became of each message, in a network with a constant latency.
std::optional<Reproduction> decide(const Reproduction& listed, const Failing& failing);
/// Nothing about the messages of what is written down is drawn any more.
bool draws_no_fates(const Reproduction& listed);
/// Without one of the faults, but with the messages lost that were cut.
std::optional<Reproduction> lose(const Reproduction& listed, std::size_t fault,
                                 const Failing& failing);
/// Of one that is written down. `effort`: how many times as many seeds are tried.
Reproduction minimize(Reproduction listed, const Failing& failing, std::size_t effort = 1);
/// Both, under several seeds that fail: the one that ends up smallest. Delta debugging stops where
/// no single item can go, and elsewhere it may stop lower.
Reproduction smallest(const Reproduction& drawn, const Failing& failing);

}  // namespace seedbed
