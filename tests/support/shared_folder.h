// Where the files are that come from elsewhere and are no part of this tree: test cases of other
// implementations, measured latencies, maps of networks. Tests that want them skip without them.
//
//   const std::string folder = testing::shared_folder() + "/topologies";
#pragma once

#include <string>

namespace seedbed::testing {

/// SEEDBED_SHARED, or beside the sources.
std::string shared_folder();

}  // namespace seedbed::testing
