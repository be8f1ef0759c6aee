// Ctrl-C, heeded: what was finished is kept.
#pragma once

namespace seedbed::cli {

/// From now on the first SIGINT or SIGTERM only makes `interrupted()` true. Who asks a second time
/// means it.
void heed_interrupts();
bool interrupted();

}  // namespace seedbed::cli
