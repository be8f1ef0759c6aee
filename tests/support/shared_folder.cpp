#include "tests/support/shared_folder.h"

#include <cstdlib>

namespace seedbed::testing {

std::string shared_folder() {
  const char* set = std::getenv("SEEDBED_SHARED");
  return set != nullptr ? set : std::string(SEEDBED_SOURCE_DIR) + "/../shared";
}

}  // namespace seedbed::testing
