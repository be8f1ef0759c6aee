// What the protocol itself brings into a scenario: `protocol:`, `variant:`, `mutant:`, `with:`,
// `check:` and `expect:`. All are read by the protocol's own lists; where the protocol is not known
// (which is a complaint already), they accept anything.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/protocol.h"
#include "sim/base/parameters.h"
#include "sim/run/scenario.h"
#include "sim/scenario/cursor.h"
#include "sim/scenario/shape.h"
#include "sim/workload/workload.h"

namespace seedbed {

struct ProtocolForm {
  void read(const Cursor& at, const Protocol*& out) const;
  Shape shape() const;
};

struct VariantForm {
  const Protocol* protocol;
  void read(const Cursor& at, std::string& out) const;
  Shape shape() const;
};

/// A measure's name.
struct MeasureForm {
  const Protocol* protocol;
  void read(const Cursor& at, const MeasureInfo*& out) const;
  Shape shape() const;
};

/// A mutant's name, or null for none.
struct MutantForm {
  const Protocol* protocol;
  void read(const Cursor& at, std::string& out) const;
  Shape shape() const;
};

/// `with:`: a value, or none, for each of the protocol's parameters.
using ParameterValues = std::vector<std::optional<Value>>;
struct WithForm {
  const Protocol* protocol;
  void read(const Cursor& at, ParameterValues& out) const;
  Shape shape() const;
};

/// What a scenario's checks are about.
struct Judged {
  const Protocol* protocol;
  const Workload* workload;   // null where there is none
  bool any_workload = false;  // no certain one: for the schema
  /// The workloads whose checks may be named.
  std::vector<const Workload*> workloads() const;
};

/// `check:`: invariants of the protocol, and the checks of the workload; and properties of the
/// scenario's own, which leave it to the names beside them whether only those are asked.
struct CheckForm {
  Judged judged;
  void read(const Cursor& at, Scenario& out) const;
  Shape shape() const;
};

/// `fault_points:`, some of which the protocol has.
struct FaultPointsForm {
  const Protocol* protocol;
  void read(const Cursor& at, FaultPointConfig& out) const;
  Shape shape() const;
};

/// `pass` ("") or `{ violates: CHECK }`.
struct ExpectForm {
  Judged judged;
  std::span<const temporal::Property> properties;
  void read(const Cursor& at, std::string& out) const;
  Shape shape() const;
};

/// The checks that every run has, whatever `check:` lists.
inline constexpr std::string_view kAssertCheck = "assert";
inline constexpr std::string_view kProgressCheck = "progress";
/// Of a workload, where the protocol says how long it takes to recover.
inline constexpr std::string_view kRecoveryCheck = "recovery";

}  // namespace seedbed
