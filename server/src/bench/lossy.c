/* lossy - a network that loses and delays datagrams, between TFTP clients and one server.
 *
 * usage: lossy PORT SERVER_PORT LOSS_PERCENT DELAY_MS SEED
 *
 * Clients on 127.0.0.0/8 talk to 127.0.0.1:PORT. Every datagram, either way, is lost by
 * that chance; every other one is held for exactly DELAY_MS, so a round trip takes twice
 * that, and nothing is reordered, doubled or limited in rate. The fate of the n-th
 * datagram of a client in one direction depends on SEED, n and the order in which clients
 * came, and on nothing else: runs can be repeated. Requests go to SERVER_PORT, the rest to
 * whichever port the server answered from (RFC 1350 section 4). Each client has a source
 * address of its own here too, 127.0.2.N.
 *
 * When terminated it prints how many datagrams came and were lost each way.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

enum { CLIENTS = 250, HELD = 1 << 15, LONGEST = 1600, SERVERS = 0, CLIENTS_WAY = 1 };

struct client {
  int sock;
  struct sockaddr_in address, server;
  uint64_t chance[2];
};

struct held {
  struct timespec due;
  struct client *client;
  int way, size;
  unsigned char bytes[LONGEST];
};

static struct client clients[CLIENTS];
static struct held held[HELD];
static unsigned count, head, tail, came[2], lost[2];
static int front, polled;
static struct sockaddr_in request_port;
static double loss;
static long delay;
static uint64_t seed;
static volatile sig_atomic_t over;

static void stop(int signal) {
  (void)signal;
  over = 1;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* splitmix64 */
static double next(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return (double)((z ^ z >> 31) >> 11) / (double)(1ull << 53);
}

static struct sockaddr_in loopback(unsigned host, int port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7f000000 | host)};
}

static int opened(struct sockaddr_in at, void *mark) {
  int sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), buffer = 16 << 20;
  if (setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer))
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (bind(sock, (void *)&at, sizeof at)) fail("lossy: bind");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = mark};
  if (epoll_ctl(polled, EPOLL_CTL_ADD, sock, &event)) fail("lossy: epoll");
  return sock;
}

static struct client *known(struct sockaddr_in *from) {
  for (unsigned i = 0; i < count; i++)
    if (clients[i].address.sin_port == from->sin_port &&
        clients[i].address.sin_addr.s_addr == from->sin_addr.s_addr)
      return &clients[i];
  if (count == CLIENTS) return NULL;
  struct client *new = &clients[count++];
  new->address = *from;
  new->server = request_port;
  for (int way = 0; way < 2; way++) new->chance[way] = seed * 1000003 + count * 2 + way;
  new->sock = opened(loopback(0x200 + count, 0), new);
  return new;
}

static void hold(struct client *client, int way, unsigned char *bytes, int size) {
  came[way]++;
  if (next(&client->chance[way]) < loss || head - tail == HELD) {
    lost[way]++;
    return;
  }
  struct held *slot = &held[head++ % HELD];
  clock_gettime(CLOCK_MONOTONIC, &slot->due);
  slot->due.tv_nsec += delay;
  slot->due.tv_sec += slot->due.tv_nsec / 1000000000;
  slot->due.tv_nsec %= 1000000000;
  slot->client = client;
  slot->way = way;
  slot->size = size;
  memcpy(slot->bytes, bytes, size);
}

static void take_in(struct client *client) {
  unsigned char bytes[LONGEST];
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  int size;
  while ((size = recvfrom(client ? client->sock : front, bytes, sizeof bytes, 0, (void *)&from, &length)) >= 2) {
    struct client *whose = client ? client : known(&from);
    if (client) client->server = from;
    if (whose) hold(whose, client ? CLIENTS_WAY : SERVERS, bytes, size);
    length = sizeof from;
  }
}

static void let_out(struct held *slot) {
  struct client *client = slot->client;
  int request = slot->bytes[0] == 0 && (slot->bytes[1] == 1 || slot->bytes[1] == 2);
  if (slot->way == CLIENTS_WAY)
    sendto(front, slot->bytes, slot->size, 0, (void *)&client->address, sizeof client->address);
  else
    sendto(client->sock, slot->bytes, slot->size, 0,
           request ? (void *)&request_port : (void *)&client->server, sizeof request_port);
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: lossy PORT SERVER_PORT LOSS_PERCENT DELAY_MS SEED\n");
    return 2;
  }
  request_port = loopback(1, atoi(argv[2]));
  loss = atof(argv[3]) / 100;
  delay = atof(argv[4]) * 1e6;
  seed = atoll(argv[5]);
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  polled = epoll_create1(0);
  front = opened(loopback(1, atoi(argv[1])), NULL);
  while (!over) {
    struct timespec now, wait = {1, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (; head != tail; tail++) {
      struct held *slot = &held[tail % HELD];
      long long left = (slot->due.tv_sec - now.tv_sec) * 1000000000ll + slot->due.tv_nsec - now.tv_nsec;
      if (left > 0) {
        wait = (struct timespec){left / 1000000000, left % 1000000000};
        break;
      }
      let_out(slot);
    }
    struct epoll_event events[CLIENTS + 1];
    int ready = epoll_pwait2(polled, events, CLIENTS + 1, &wait, NULL);
    for (int i = 0; i < ready; i++) take_in(events[i].data.ptr);
  }
  printf("to-server=%u lost-to-server=%u to-client=%u lost-to-client=%u\n", came[SERVERS], lost[SERVERS],
         came[CLIENTS_WAY], lost[CLIENTS_WAY]);
  return 0;
}
