#include "bench/peer.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace seedbed::bench {

namespace {

/// Beside this program, in peers/.
std::filesystem::path path_of(const std::string& program) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "peers" / program;
}

double run(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(popen(command.c_str(), "r"), pclose);
  double nanoseconds = 0;
  if (out == nullptr || std::fscanf(out.get(), "%lf", &nanoseconds) != 1) {
    throw std::runtime_error("no figure from " + command);
  }
  return nanoseconds;
}

}  // namespace

bool add_peer(Figure& figure, std::string name, const std::string& program,
              const std::vector<std::string>& arguments) {
  const std::filesystem::path path = path_of(program);
  if (!std::filesystem::exists(path)) return false;
  std::string command = "'" + path.string() + "'";
  for (const std::string& argument : arguments) command += " " + argument;
  figure.add(Side::kPeer, std::move(name), value([command] { return run(command); }));
  return true;
}

}  // namespace seedbed::bench
