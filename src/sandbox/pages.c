#include "sandbox/pages.h"

static const struct {
    int status;
    const char *title;
} titles[] = {
    {401, "Authorization Required"},
    {404, "Not Found"},
    {405, "Not Allowed"},
    {429, "Too Many Requests"},
    {502, "Bad Gateway"},
    {503, "Service Temporarily "
          "Unavailable"},
};

static const char *title_of(int status)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Internal Server Error";
}

void page_nginx(struct call *c, int status)
{
    const char *title = title_of(status);

    http_reply_text(c->reply, status, "text/html", STR_LIT(""));
    buf_addf(&c->reply->body,
             "<html>\r\n<head><title>%d %s</title></head>\r\n<body bgcolor=\"white\">\r\n"
             "<center><h1>%d %s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>"
             "\r\n</html>\r\n",
             status, title, status, title);
    c->note.status = status;
    c->note.code = (struct str){0};
}

void page_in_the_way(struct call *c)
{
    http_reply_text(c->reply, 200, "text/html; charset=utf-8",
                    STR_LIT("<!DOCTYPE html>\n<html><head><title>Just a moment"
                            "</title></head>\n<body><p>We will be right back.</p>"
                            "</body></html>\n"));
    c->note.status = 200;
    c->note.code = (struct str){0};
}
