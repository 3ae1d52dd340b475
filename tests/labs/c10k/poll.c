/* poll(2): an array of all, one buffer, a queue of unsent bytes only for who does not read. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct pollfd *all;
static struct owed { char *bytes; size_t size; } *owed;
static size_t count, room;

static void add(int fd, short events) {
    if (count == room) {
        room = room ? 2 * room : 1024;
        all = realloc(all, room * sizeof *all);
        owed = realloc(owed, room * sizeof *owed);
    }
    all[count] = (struct pollfd){.fd = fd, .events = events};
    owed[count++] = (struct owed){0};
}

static void leave(size_t at) {
    close(all[at].fd);
    free(owed[at].bytes);
    all[at] = all[--count];
    owed[at] = owed[count];
}

static int serve(size_t at) {
    static char buffer[65536];
    int fd = all[at].fd;
    char *bytes = owed[at].bytes ? owed[at].bytes : buffer;
    ssize_t size = owed[at].bytes ? (ssize_t)owed[at].size : recv(fd, buffer, sizeof buffer, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN))
        return -1;
    if (size < 0)
        return 0;
    ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        return -1;
    if (sent < 0)
        sent = 0;
    char *rest = NULL;
    if (sent < size) {
        rest = malloc(size - sent);
        memcpy(rest, bytes + sent, size - sent);
    }
    free(owed[at].bytes);
    owed[at] = (struct owed){rest, size - sent};
    all[at].events = rest ? POLLOUT : POLLIN;
    return 0;
}

int main(int argc, char **argv) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, full = 0;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int at = 1; at + 1 < argc; at++)
        if (!strcmp(argv[at], "--port"))
            name.sin_port = htons(atoi(argv[at + 1]));
    socklen_t size = sizeof name;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&name, size) || listen(listener, 1024))
        return perror("bind"), 1;
    getsockname(listener, (struct sockaddr *)&name, &size);
    printf("listening on 127.0.0.1:%d\n", ntohs(name.sin_port));
    fflush(stdout);
    add(listener, POLLIN);
    for (;;) {
        all[0].events = full ? 0 : POLLIN;
        poll(all, count, full ? 200 : -1);
        full = 0;
        for (size_t at = count - 1; at > 0; at--)
            if (all[at].revents && serve(at))
                leave(at);
        for (int fd; all[0].revents;) {
            if ((fd = accept(listener, NULL, NULL)) < 0) {
                full = errno == EMFILE || errno == ENFILE;
                break;
            }
            fcntl(fd, F_SETFL, O_NONBLOCK);
            add(fd, POLLIN);
        }
    }
}
