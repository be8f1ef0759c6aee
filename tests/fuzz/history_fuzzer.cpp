// libFuzzer's door to the readers of histories, and the checks behind them.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/history_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  seedbed::fuzz::try_history({reinterpret_cast<const char*>(data), size});
  return 0;
}
