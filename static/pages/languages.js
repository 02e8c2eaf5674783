// Keeps the part behind the # when the reader changes language: in the booth it is the member's
// code, which a link of the server's cannot know.
for (const link of document.querySelectorAll("a[data-keep-fragment]")) {
  link.addEventListener("click", () => {
    if (location.hash && !link.hash) link.hash = location.hash;
  });
}
