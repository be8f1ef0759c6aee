// Two ports of the loopback that nobody listens on.
//
//   const auto [control, node] = free_ports();
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace seedbed::testing {

/// Both are open at once, so that they differ.
inline std::array<std::uint16_t, 2> free_ports() {
  std::array<int, 2> sockets{};
  std::array<std::uint16_t, 2> ports{};
  for (std::size_t i = 0; i < ports.size(); ++i) {
    sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(sockets[i], any, size), 0);
    EXPECT_EQ(getsockname(sockets[i], any, &size), 0);
    ports[i] = ntohs(address.sin_port);
  }
  for (const int s : sockets) close(s);
  return ports;
}

}  // namespace seedbed::testing
