// One fault of a chaos entry: the key that names it, and the keys that it takes. The protocol's own
// actions are faults of one key.
//
//   { crash: random, for: 1s }
#pragma once

#include <string_view>
#include <vector>

#include "sim/chaos/fault.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/who.h"

namespace seedbed {

/// A fault alone in its map, as `one_of` lists them.
struct FaultForm {
  const Who* who = nullptr;
  void read(const Cursor& at, Fault& out) const;
  Shape shape() const;
};

/// Reads the fault whose keys stand among others, which `reader` has claimed, and finishes it.
void read_fault(Reader& reader, const Who& who, Fault& out);
/// The faults, and the actions of `protocol` (null: of all).
std::vector<std::string_view> fault_names(const Protocol* protocol);
/// Every key that some fault or entry takes.
std::vector<std::string_view> keys_of_entries();

/// What a map with one fault and the keys of `others` may hold.
Shape fault_shape(std::vector<FieldShape> others);

}  // namespace seedbed
