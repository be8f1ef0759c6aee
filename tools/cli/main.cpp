// seedbed: simulate distributed systems from a seed. Results go to stdout, all else to stderr.
#include <fmt/format.h>

#include <exception>

#include "sim/explore/sqlite.h"
#include "tools/cli/command.h"
#include "tools/cli/process.h"

int main(int argc, char** argv) {
  using namespace seedbed::cli;
  try {
    return parse_and_run(argc, argv);
  } catch (const BadInput& e) {
    fmt::print(stderr, "{}\n", e.what());
    return kBadInput;
  } catch (const seedbed::StoreError& e) {
    fmt::print(stderr, "{}\n", e.what());
    return kBadInput;
  } catch (const NotDeterministic& e) {
    fmt::print(stderr, "{}\n", e.what());
    return kNotAsExpected;
  } catch (const std::exception& e) {
    fmt::print(stderr, "Seedbed itself is at fault: {}\nPlease report this with the command.\n",
               e.what());
    return kOurFault;
  }
}
