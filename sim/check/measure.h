// Measures look at a world after each event, as invariants do, and find one figure of a run: how
// long an election took, whether a vote was split. Papers publish such figures (`published:` in a
// scenario), and many trials reproduce them. They are values and part of the run.
//
//   class TimeToElect : public Measure<TimeToElect> {
//    public:
//     void look(const World& world, NodeId touched) override;
//     std::optional<std::int64_t> value() const override;
//   };
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "sim/world/world.h"

namespace seedbed {

/// What the integer that a measure finds stands for.
enum class MeasureKind : std::uint8_t {
  kTime,     // nanoseconds
  kYesOrNo,  // 1 for yes, 0 for no
  kNumber,   // billionths: 180'000'000 is 0.18
};

class MeasureBase {
 public:
  virtual ~MeasureBase() = default;
  virtual std::unique_ptr<MeasureBase> clone() const = 0;
  /// After every event; `touched` is nobody for what chaos and the run itself do.
  virtual void look(const World& world, NodeId touched) = 0;
  /// The run has reached its end: the last chance for a value.
  virtual void end(const World& /*world*/) {}
  /// In the unit of its kind. Who has it is not asked to look again; once each
  /// measure of a run has its value, the run is over.
  virtual std::optional<std::int64_t> value() const = 0;
};

template <class Derived>
class Measure : public MeasureBase {
 public:
  std::unique_ptr<MeasureBase> clone() const final {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

/// The factory of a measure, for the protocol's table.
template <class M>
std::unique_ptr<MeasureBase> make_measure() {
  return std::make_unique<M>();
}

}  // namespace seedbed
