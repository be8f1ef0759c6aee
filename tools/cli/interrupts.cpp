#include "tools/cli/interrupts.h"

#include <signal.h>

#include <atomic>

namespace seedbed::cli {

static std::atomic<bool>& flag() {
  static std::atomic<bool> interrupted{false};
  return interrupted;
}

void heed_interrupts() {
  flag() = false;
  struct sigaction action = {};
  action.sa_handler = [](int) { flag() = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return flag(); }

}  // namespace seedbed::cli
