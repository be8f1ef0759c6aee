#include "sim/check/verdict.h"

#include "sim/base/hash.h"

namespace seedbed {

std::uint64_t Violation::fingerprint() const { return hash_of(hash_text(check), hash_text(shape)); }

}  // namespace seedbed
