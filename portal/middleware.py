def PrivatePages(g): return g
def DomainErrors(g): return g
