// --plugin LIB: a protocol from outside the tree.
#include <dlfcn.h>
#include <fmt/format.h>

#include "protocols/protocol.h"
#include "tools/cli/command.h"

namespace seedbed::cli {

void load_plugin(const std::string& path) {
  // A bare name would be looked for in the system's folders, not here.
  const std::string place = path.find('/') == std::string::npos ? "./" + path : path;
  void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw BadInput(fmt::format("--plugin {}: {}", path, dlerror()));
  const auto entry = reinterpret_cast<PluginEntry>(dlsym(library, "seedbed_protocol"));
  if (entry == nullptr) {
    throw BadInput(fmt::format("--plugin {}: has no symbol seedbed_protocol", path));
  }
  const Protocol* protocol = entry(kPluginAbi);
  if (protocol == nullptr) {
    throw BadInput(fmt::format("--plugin {}: was built for another version of Seedbed", path));
  }
  if (!add_protocol(*protocol)) {
    throw BadInput(
        fmt::format("--plugin {}: there is a protocol '{}' already", path, protocol->name));
  }
}

}  // namespace seedbed::cli
