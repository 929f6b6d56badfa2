/* tftpget - read one file by TFTP and throw it away, as fast as the server sends it.
 *
 * usage: tftpget HOST PORT FILE BLKSIZE WINDOWSIZE [CLIENTS [SECONDS]]
 *
 * CLIENTS (usually 1) read the file at the same time, each from an address of its own
 * (127.0.1.N where HOST is in 127.0.0.0/8). After SECONDS whoever is not ready yet stops
 * and says so to the server. Prints "bytes=N ms=N clients=N timeouts=N strays=N": bytes in
 * order, of all clients, and the time from the first request to the last byte.
 *
 * RFC 1350 with the options of RFC 2348 (blksize) and RFC 7440 (windowsize, asked for when
 * above 1). Packets are taken from a socket in batches (recvmmsg), so that the client costs
 * little beside the server. What it does about losses, the same for every server:
 * - A block that is not the next one is answered by acknowledging the last one in order.
 * - When nothing came for 4 s, the last acknowledgement (before the first packet, the
 *   request) is sent again, 20 times.
 * Both as edk2 does, the firmware that asks for windows by itself. (iPXE waits 0.25 s and
 * more, U-Boot 5 s; U-Boot answers only the first of several blocks out of order.)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { BATCH = 64, PACKET = 65600, MOST_CLIENTS = 250, PATIENCE = 20, ACK = 4, DATA = 3, ERROR = 5, OACK = 6 };

static const double TIMEOUT = 4.0;

struct client {
  int sock, connected, done;
  int block_size, window, timeouts;
  unsigned expected, acked; /* the next block; the last one acknowledged in order */
  double heard;
};

static unsigned char packets[BATCH][PACKET];
static struct mmsghdr messages[BATCH];
static struct sockaddr_in from[BATCH], server;
static struct client clients[MOST_CLIENTS];
static unsigned char request[1024] = {0, 1};
static int length, count = 1, running;
static long long bytes, all_strays, all_timeouts;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int add(int at, const char *text) { return at + sprintf((char *)request + at, "%s", text) + 1; }

static void ask(struct client *c) { sendto(c->sock, request, length, 0, (void *)&server, sizeof server); }

static void acknowledge(struct client *c) {
  unsigned block = c->expected - 1;
  unsigned char ack[4] = {0, ACK, (block >> 8) & 255, block & 255};
  c->acked = block;
  send(c->sock, ack, sizeof ack, 0);
}

static void take_options(struct client *c, char *at, char *end) {
  while (at < end) {
    char *value = at + strlen(at) + 1;
    if (value >= end) return;
    if (!strcasecmp(at, "blksize")) c->block_size = atoi(value);
    if (!strcasecmp(at, "windowsize")) c->window = atoi(value);
    at = value + strlen(value) + 1;
  }
}

static void fail(const char *why) {
  fprintf(stderr, "tftpget: %s\n", why);
  exit(1);
}

static void take(struct client *c, unsigned char *packet, int size) {
  int opcode = size < 4 ? 0 : packet[1];
  if (opcode == ERROR) fail((char *)packet + 4);
  if (opcode == OACK && c->expected == 1) {
    take_options(c, (char *)packet + 2, (char *)packet + size);
    acknowledge(c);
  }
  if (opcode != DATA || c->done) return;
  unsigned block = packet[2] << 8 | packet[3];
  if (block != (c->expected & 0xffff)) {
    all_strays++;
    acknowledge(c);
    return;
  }
  c->timeouts = 0;
  bytes += size - 4;
  c->expected++;
  c->done = size - 4 < c->block_size;
  if (c->done || c->expected - 1 - c->acked >= (unsigned)c->window) acknowledge(c);
  running -= c->done;
}

static void receive(struct client *c, int flags) {
  for (int i = 0; i < BATCH; i++) messages[i].msg_hdr.msg_namelen = sizeof from[i];
  int came = recvmmsg(c->sock, messages, BATCH, flags, 0);
  if (came <= 0) return;
  if (!c->connected) { /* the server's own port is the transfer's identity (RFC 1350, 4) */
    connect(c->sock, (void *)&from[0], sizeof from[0]);
    c->connected = 1;
  }
  for (int i = 0; i < came; i++) take(c, packets[i], messages[i].msg_len);
  c->heard = now();
}

static void wake(struct client *c, double at) {
  if (c->done || at - c->heard < TIMEOUT) return;
  c->heard = at;
  all_timeouts++;
  if (++c->timeouts > PATIENCE) fail("no answer");
  if (c->connected) acknowledge(c);
  else ask(c);
}

static void open_client(struct client *c, int number, int polled) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000101 + number)};
  struct timeval wait = {0, 50000};
  int buffer = 8 << 20;
  *c = (struct client){.sock = socket(AF_INET, SOCK_DGRAM, 0), .block_size = 512, .window = 1, .expected = 1};
  setsockopt(c->sock, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt(c->sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  if (ntohl(server.sin_addr.s_addr) >> 24 == 127 && bind(c->sock, (void *)&own, sizeof own)) fail("bind");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(polled, EPOLL_CTL_ADD, c->sock, &event);
}

int main(int argc, char **argv) {
  if (argc < 6 || argc > 8) {
    fprintf(stderr, "usage: tftpget HOST PORT FILE BLKSIZE WINDOWSIZE [CLIENTS [SECONDS]]\n");
    return 2;
  }
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_aton(argv[1], &server.sin_addr);
  length = add(add(2, argv[3]), "octet");
  if (atoi(argv[4]) != 512) length = add(add(length, "blksize"), argv[4]);
  if (atoi(argv[5]) > 1) length = add(add(length, "windowsize"), argv[5]);
  if (argc > 6) count = running = atoi(argv[6]);
  if (count < 1 || count > MOST_CLIENTS) fail("from 1 to 250 clients");
  running = count;

  struct iovec vectors[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){packets[i], PACKET};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1, .msg_name = &from[i]};
  }
  int polled = epoll_create1(0);
  for (int i = 0; i < count; i++) open_client(&clients[i], i, polled);

  double start = now(), end = start + (argc > 7 ? atof(argv[7]) : 1e9), at = start, woken = start;
  for (int i = 0; i < count; i++) {
    clients[i].heard = start;
    ask(&clients[i]);
  }
  while (running && (at = now()) < end) {
    if (count == 1) {
      receive(&clients[0], MSG_WAITFORONE);
    } else {
      struct epoll_event events[MOST_CLIENTS];
      int ready = epoll_wait(polled, events, MOST_CLIENTS, 50);
      for (int i = 0; i < ready; i++) receive(events[i].data.ptr, MSG_DONTWAIT);
    }
    if (at - woken > 0.05)
      for (int i = 0; i < count; i++) wake(&clients[i], woken = at);
  }
  at = now();
  static const unsigned char enough[] = "\0\5\0\0enough";
  for (int i = 0; i < count; i++)
    if (!clients[i].done) send(clients[i].sock, enough, sizeof enough, 0);
  printf("bytes=%lld ms=%.1f clients=%d timeouts=%lld strays=%lld\n", bytes, (at - start) * 1e3, count, all_timeouts,
         all_strays);
  return 0;
}
