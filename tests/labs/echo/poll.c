/* One thread and poll(2). */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1000, ROOM = 16384 };
static struct pollfd watched[MOST];
static char buffers[MOST][ROOM];
static int begins[MOST], ends[MOST], count = 1;

static void leave(int at) {
    close(watched[at].fd);
    count--;
    watched[at] = watched[count];
    memcpy(buffers[at], buffers[count], ROOM);
    begins[at] = begins[count];
    ends[at] = ends[count];
}

static int serve(int at) {
    int fd = watched[at].fd;
    if (begins[at] == ends[at]) {
        int got = read(fd, buffers[at], ROOM);
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        begins[at] = 0;
        ends[at] = got;
    }
    int sent = write(fd, buffers[at] + begins[at], ends[at] - begins[at]);
    if (sent < 0 && errno != EAGAIN)
        return 0;
    if (sent > 0)
        begins[at] += sent;
    watched[at].events = begins[at] == ends[at] ? POLLIN : POLLOUT;
    return 1;
}

int main(int argc, char **argv) {
    int port = 9000, yes = 1;
    for (int at = 1; at + 1 < argc; at++)
        if (!strcmp(argv[at], "--port"))
            port = atoi(argv[at + 1]);
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    socklen_t size = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&here, size) || listen(listener, 128))
        return perror("bind"), 1;
    getsockname(listener, (struct sockaddr *)&here, &size);
    printf("listening on 127.0.0.1:%d\n", ntohs(here.sin_port));
    fflush(stdout);
    watched[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (;;) {
        poll(watched, count, -1);
        for (int at = count - 1; at > 0; at--)
            if (watched[at].revents && !serve(at))
                leave(at);
        if (watched[0].revents && count < MOST) {
            int fd = accept(listener, NULL, NULL);
            if (fd < 0)
                continue;
            fcntl(fd, F_SETFL, O_NONBLOCK);
            begins[count] = ends[count] = 0;
            watched[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
}
