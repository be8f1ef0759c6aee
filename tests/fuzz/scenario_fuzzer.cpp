// libFuzzer's door (tools/fuzz builds and runs it). What it found is kept in corpus/, which
// corpus_test.cpp reads in every build.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/scenario_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  seedbed::fuzz::try_scenario({reinterpret_cast<const char*>(data), size});
  return 0;
}
